namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>The encrypted content of the cookie during a sign-in at the authority.</summary>
/// <param name="Verifier">The PKCE verifier, without which the code cannot be redeemed.</param>
internal sealed record PendingSignIn(SignInState State, string Verifier);
