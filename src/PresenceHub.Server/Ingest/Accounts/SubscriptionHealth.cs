namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>The health of an account, for administrators.</summary>
/// <param name="Subjects">The number of subjects in its subscription.</param>
/// <param name="ExpiresAt">The expiry of its subscription; null without one.</param>
/// <param name="LastError">The code of the current failure; null while the subscription works.</param>
internal sealed record SubscriptionHealth(int Subjects, DateTimeOffset? ExpiresAt, string? LastError, bool NeedsSignIn);
