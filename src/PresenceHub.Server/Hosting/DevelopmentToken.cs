namespace PresenceHub.Server.Hosting;

/// <summary>A token of the simulated tenant.</summary>
/// <param name="AccessToken">The bearer token.</param>
/// <param name="ExpiresIn">Its lifetime in seconds.</param>
/// <param name="WatcherId">The object id of the watcher that it is for.</param>
internal sealed record DevelopmentToken(string AccessToken, int ExpiresIn, Guid WatcherId);
