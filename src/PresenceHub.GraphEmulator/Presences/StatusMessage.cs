namespace PresenceHub.GraphEmulator.Presences;

/// <summary>The note a person shows beside the presence.</summary>
internal sealed record StatusMessage(
    string Content,
    string? ExpiryDateTime,
    string? ExpiryTimeZone,
    DateTimeOffset PublishedAt
);
