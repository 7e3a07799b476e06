namespace PresenceHub.GraphEmulator.Throttling;

/// <summary>The quotas an operation can count against.</summary>
internal enum Budget
{
    None,
    Presence,
    SubscriptionWrite,
    SubscriptionRead,
    SubscriptionList,
    Reauthorize,
}
