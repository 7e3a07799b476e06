namespace PresenceHub.Fleet.Hub;

/// <summary>Message types of the hub protocols that occur here.</summary>
internal enum HubMessageType
{
    None = 0,
    Invocation = 1,
    Completion = 3,
    Ping = 6,
    Close = 7,
}
