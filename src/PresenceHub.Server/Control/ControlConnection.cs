namespace PresenceHub.Server.Control;

/// <summary>
/// The second connection to Redis, on which leases, positions and probes do not wait behind the requests of clients.
/// Classes that use it take the keyed <see cref="StackExchange.Redis.IConnectionMultiplexer"/>.
/// </summary>
internal static class ControlConnection
{
    public const string Key = "control";
}
