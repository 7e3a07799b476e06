namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>An account as the administrator sees it.</summary>
/// <param name="AsOf">When the leader said so; null while none has.</param>
internal sealed record AccountReport(
    Guid UserId,
    string? Name,
    string Source,
    DateTimeOffset? ConnectedAt,
    int Subjects,
    DateTimeOffset? SubscriptionExpiresAt,
    string? LastError,
    bool NeedsSignIn,
    DateTimeOffset? AsOf
)
{
    public static AccountReport Of(Guid userId, ConnectedAccount? connected, AccountHealth? health)
    {
        // Reports from before it was connected again belong to the former sign-in.
        var current = connected is null || health?.AsOf >= connected.ConnectedAt ? health : null;
        var subscription = current?.Subscription;
        return new AccountReport(
            userId,
            connected?.Name,
            connected is null ? "configured" : "connected",
            connected?.ConnectedAt,
            subscription?.Subjects ?? 0,
            subscription?.ExpiresAt,
            subscription?.LastError,
            subscription?.NeedsSignIn ?? false,
            current?.AsOf
        );
    }
}
