namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>An account in the answer to an administrator.</summary>
/// <param name="AsOf">The time of the leader's report, or null without a report.</param>
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
        // A report from before the account was connected again belongs to the previous sign-in.
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
