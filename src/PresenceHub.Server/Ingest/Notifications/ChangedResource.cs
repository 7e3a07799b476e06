namespace PresenceHub.Server.Ingest.Notifications;

internal sealed record ChangedResource(string? Id);
