namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>
/// A sign-in of a user to a client with a scope. An authorization code or a refresh token stands for it.
/// </summary>
internal sealed record SignIn(string ClientId, Guid UserId, string Scope, string? Nonce = null);
