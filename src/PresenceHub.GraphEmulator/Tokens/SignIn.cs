namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>A user who signed in to a client and what was asked for. An authorization code or a refresh token stands
/// for it.</summary>
internal sealed record SignIn(string ClientId, Guid UserId, string Scope, string? Nonce = null);
