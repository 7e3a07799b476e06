namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>The presence in an encrypted notification, in the documented shape.</summary>
internal sealed record PresencePayload(string? Availability, string? Activity, string? SequenceNumber);
