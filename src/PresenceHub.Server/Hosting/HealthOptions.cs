namespace PresenceHub.Server.Hosting;

/// <summary>When a node is ready.</summary>
internal sealed class HealthOptions
{
    public const string SectionName = "Health";

    /// <summary>
    /// Whether a node that was in sync stays ready (200, <c>degraded</c>) while Redis is away, and serves what it knows
    /// as stale. With <c>false</c> a load balancer prefers nodes that reach Redis, and has no node left when none of
    /// them does.
    /// </summary>
    public bool ReadyWithoutRedis { get; set; }
}
