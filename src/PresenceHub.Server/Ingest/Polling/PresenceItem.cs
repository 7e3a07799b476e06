namespace PresenceHub.Server.Ingest.Polling;

/// <summary>What Graph says of one person; null is what it does not say as text.</summary>
internal readonly record struct PresenceItem(string? Availability, string? Activity, string? SequenceNumber)
{
    public bool IsLaterThan(PresenceItem other) => string.CompareOrdinal(SequenceNumber, other.SequenceNumber) > 0;
}
