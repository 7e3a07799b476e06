namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>How Graph rates a notification endpoint.</summary>
internal enum EndpointState
{
    Good,

    /// <summary>New notifications wait ten seconds.</summary>
    Slow,

    /// <summary>New notifications are dropped.</summary>
    Drop,
}
