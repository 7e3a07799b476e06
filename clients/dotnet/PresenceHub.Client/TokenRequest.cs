namespace PresenceHub.Client;

/// <summary>A request for the bearer token of a connection attempt.</summary>
/// <param name="Refresh">The hub has refused the last token, or it has expired: a cache must get another one.</param>
/// <param name="CancellationToken">Cancelled when the attempt or the connection ends.</param>
public readonly record struct TokenRequest(bool Refresh, CancellationToken CancellationToken);
