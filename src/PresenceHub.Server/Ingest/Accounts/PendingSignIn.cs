namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>What the browser keeps, sealed, while an administrator is at the authority.</summary>
/// <param name="Verifier">PKCE: without it the code that comes back is worth nothing.</param>
internal sealed record PendingSignIn(SignInState State, string Verifier);
