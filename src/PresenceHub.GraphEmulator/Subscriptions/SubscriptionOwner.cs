namespace PresenceHub.GraphEmulator.Subscriptions;

/// <summary>The application and signed-in account a subscription belongs to. Others cannot see it.</summary>
internal readonly record struct SubscriptionOwner(Guid ApplicationId, Guid AccountId);
