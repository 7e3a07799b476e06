namespace PresenceHub.Fleet.Scenarios;

/// <summary>Which hub protocol the light connections speak.</summary>
internal enum ProtocolChoice
{
    Json,
    MessagePack,

    /// <summary>Every second connection speaks MessagePack.</summary>
    Both,
}
