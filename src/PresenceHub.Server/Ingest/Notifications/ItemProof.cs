namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>The members of an item that prove its origin.</summary>
internal readonly record struct ItemProof(string? SubscriptionId, string? ClientState, string? TenantId);
