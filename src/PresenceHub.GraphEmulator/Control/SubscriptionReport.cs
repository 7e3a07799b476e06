namespace PresenceHub.GraphEmulator.Control;

/// <summary>A live subscription.</summary>
internal sealed record SubscriptionReport(
    Guid Id,
    Guid ApplicationId,
    Guid AccountId,
    string NotificationUrl,
    string? LifecycleNotificationUrl,
    bool IncludesResourceData,
    DateTimeOffset ExpirationDateTime,
    DateTimeOffset AuthorizedUntil,
    bool Paused,
    int Count,
    IReadOnlyList<Guid> Ids
);
