namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>What an item proves its origin with.</summary>
internal readonly record struct ItemProof(string? SubscriptionId, string? ClientState, string? TenantId);
