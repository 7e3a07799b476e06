namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>What an encrypted notification holds, as far as it is used.</summary>
internal sealed record PresencePayload(string? Id, string? Availability, string? Activity, string? SequenceNumber);
