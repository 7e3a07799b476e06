namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>What the leader last reported of an account.</summary>
internal sealed record AccountHealth(Guid UserId, SubscriptionHealth Subscription, DateTimeOffset AsOf);
