namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>How an account does, for the administrator.</summary>
/// <param name="Subjects">People in its subscription.</param>
/// <param name="ExpiresAt">End of its subscription; null without one.</param>
/// <param name="LastError">Code of the failure that lasts; null while it works.</param>
internal sealed record SubscriptionHealth(int Subjects, DateTimeOffset? ExpiresAt, string? LastError, bool NeedsSignIn);
