namespace PresenceHub.GraphEmulator.Throttling;

/// <summary>The quotas of operations.</summary>
internal enum Budget
{
    None,
    Presence,
    SubscriptionWrite,
    SubscriptionRead,
    SubscriptionList,
    Reauthorize,
}
