namespace PresenceHub.Server.Hubs.Streams;

/// <summary>Why a stream ends.</summary>
internal enum StreamEnd
{
    /// <summary>The client has left, or accepts nothing.</summary>
    Aborted,

    /// <summary>The token of the client has expired.</summary>
    TokenExpired,

    /// <summary>The node is going away.</summary>
    NodeLeaves,
}
