using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.WatchLists;

/// <summary>Limits of watch lists, calls and connections.</summary>
internal sealed class WatchListOptions
{
    public const string SectionName = "WatchLists";

    /// <summary>
    /// Subjects that a connection may watch: 1 to 100,000. The memory of a connection is a constant plus this many
    /// entries.
    /// </summary>
    [Range(1, 100_000)]
    public int MaxSubjectsPerConnection { get; set; } = 1000;

    /// <summary>
    /// Ids that one call may carry: 1 to 10,000. The largest message of a client, and the largest body of a read over
    /// HTTP, follow from it: 64 bytes per id and 4 KB, but at least 64 KB. Each connection can make the node buffer
    /// that much.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxIdsPerCall { get; set; } = 1000;

    /// <summary>
    /// Connections that one watcher may hold on all nodes together: 1 to 10,000. Each page and each tab holds one; the
    /// default is more than users keep open.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxConnectionsPerWatcher { get; set; } = 50;

    /// <summary>
    /// Calls that a connection (over HTTP: a watcher) may make at once before <see cref="CallsPerSecond"/> applies: 1
    /// to 10,000.
    /// </summary>
    [Range(1, 10_000)]
    public int CallBurst { get; set; } = 20;

    /// <summary>
    /// Calls per second that a connection (over HTTP: a watcher) may make on average: 1 to 10,000. Clients batch their
    /// ids, so more calls are a sign of a fault.
    /// </summary>
    [Range(1, 10_000)]
    public int CallsPerSecond { get; set; } = 5;

    /// <summary>
    /// Time after which the interest of a node that has died ends: 3 seconds to 5 minutes. It is renewed three times as
    /// often. Until then Graph is still asked for the node's subjects.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:05:00")]
    public TimeSpan LeaseLifetime { get; set; } = TimeSpan.FromSeconds(30);
}
