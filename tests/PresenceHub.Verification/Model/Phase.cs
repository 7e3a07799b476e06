namespace PresenceHub.Verification.Model;

/// <summary>How far a client's connection has come.</summary>
internal enum Phase : byte
{
    Off,

    /// <summary>The call has arrived, and interest is registered.</summary>
    Called,

    /// <summary>The answer is on its way.</summary>
    Answered,

    Open,
}
