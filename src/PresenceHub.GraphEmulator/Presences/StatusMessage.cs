namespace PresenceHub.GraphEmulator.Presences;

/// <summary>The status message of a person.</summary>
internal sealed record StatusMessage(
    string Content,
    string? ExpiryDateTime,
    string? ExpiryTimeZone,
    DateTimeOffset PublishedAt
);
