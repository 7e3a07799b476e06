namespace PresenceHub.Server.Control;

/// <summary>
/// The second connection to Redis: leases, positions and probes do not wait there behind what clients ask for. Services
/// that use it take the keyed <see cref="StackExchange.Redis.IConnectionMultiplexer"/>.
/// </summary>
internal static class ControlConnection
{
    public const string Key = "control";
}
