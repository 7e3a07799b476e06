using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.WatchLists;

internal sealed class WatchListOptions
{
    public const string SectionName = "WatchLists";

    /// <summary>
    /// Subjects that one connection may watch, 1 to 100,000. It bounds the memory of a connection, whereas
    /// <c>Quotas:WatchedIds</c> bounds what all connections of a watcher may watch together.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxSubjectsPerConnection { get; set; } = 1000;

    /// <summary>
    /// Ids that one call may carry, 1 to 10,000. It determines the largest message of a client and the largest body of
    /// a read over HTTP: 64 bytes per id and 4 KB, but no less than 64 KB. Each connection can make the node buffer
    /// that much.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxIdsPerCall { get; set; } = 1000;

    /// <summary>
    /// Connections that one watcher may hold on all nodes together. Each tab of a page holds one: the default is more
    /// than people keep open.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxConnectionsPerWatcher { get; set; } = 50;

    /// <summary>Calls that a connection (over HTTP: a watcher) may make at once before <see cref="CallsPerSecond"/>
    /// applies.</summary>
    [Range(1, 10_000)]
    public int CallBurst { get; set; } = 20;

    /// <summary>Calls per second that a connection (over HTTP: a watcher) may make in the long run.</summary>
    [Range(1, 10_000)]
    public int CallsPerSecond { get; set; } = 5;

    /// <summary>How long after the death of a node its interest ends. The node renews it three times as
    /// often.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:05:00")]
    public TimeSpan LeaseLifetime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The tenant of the subjects. Set from <c>Graph:TenantId</c>.</summary>
    public Guid TenantId { get; set; }

    /// <summary>Prefix of every key and channel. Set from <c>Redis:KeyPrefix</c>.</summary>
    [Required, RegularExpression("^[A-Za-z0-9_-]{1,32}$")]
    public string KeyPrefix { get; set; } = "ph";

    /// <summary>
    /// The start of all channel names, before <see cref="KeyPrefix"/>. It names the database, because channels do not
    /// belong to a database of Redis as keys do. Empty for database 0.
    /// </summary>
    internal string ChannelPrefix { get; set; } = string.Empty;
}
