namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>One item of a POST from Graph, change or lifecycle. Nothing in it is believed before it was verified.</summary>
internal sealed record ChangeNotification(
    string? SubscriptionId, string? ClientState, string? TenantId, string? LifecycleEvent, ChangedResource? ResourceData, EncryptedContent? EncryptedContent);
