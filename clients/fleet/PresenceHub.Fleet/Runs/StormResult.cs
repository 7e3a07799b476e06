namespace PresenceHub.Fleet.Runs;

/// <summary>What a reconnect storm took.</summary>
/// <param name="Cut">Connections cut.</param>
/// <param name="Second">When, since the start of the run.</param>
/// <param name="SecondsUntilAllLive">From the cut until all were live again; null when the run ended first.</param>
internal sealed record StormResult(int Cut, double Second, double? SecondsUntilAllLive);
