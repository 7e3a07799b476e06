namespace PresenceHub.Server.Hosting;

internal sealed class HealthOptions
{
    public const string SectionName = "Health";

    /// <summary>
    /// Whether a node that was in sync stays ready (200, <c>degraded</c>) while Redis is away, and goes on serving what
    /// it knows as stale. False by default: the balancer prefers nodes that reach Redis. When Redis is away for all of
    /// them, it has none left.
    /// </summary>
    public bool ReadyWithoutRedis { get; set; }
}
