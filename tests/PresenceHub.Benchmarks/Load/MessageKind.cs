namespace PresenceHub.Benchmarks.Load;

internal enum MessageKind
{
    /// <summary>Nothing that a case counts: pings, bookmarks, acknowledgements.</summary>
    Other,

    /// <summary>The server waits for the client to introduce itself.</summary>
    Opened,

    /// <summary>The connection may be used.</summary>
    Joined,

    /// <summary>Asks for <see cref="ClientProtocol.Pong"/>.</summary>
    Ping,

    /// <summary>The snapshot that answers a watch call.</summary>
    Snapshot,

    /// <summary>A watch call has failed.</summary>
    Failure,

    /// <summary>Changed entries.</summary>
    Changes,
}
