using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.WatchLists;

internal sealed class WatchListOptions
{
    public const string SectionName = "WatchLists";

    /// <summary>Subjects a connection may watch; the memory of a connection is a constant plus this many
    /// entries.</summary>
    [Range(1, 100_000)]
    public int MaxSubjectsPerConnection { get; set; } = 1000;

    /// <summary>
    /// Ids that one call may carry, 1 to 10,000. The largest message of a client, and the largest body of a read over
    /// HTTP, follow from it: 64 bytes per id and 4 KB, but no less than 64 KB. Each connection can make the node
    /// buffer that much.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxIdsPerCall { get; set; } = 1000;

    /// <summary>
    /// Connections that one watcher may hold, on all nodes together. Each page, and each tab of it, holds one: the
    /// default is more than people keep open.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxConnectionsPerWatcher { get; set; } = 50;

    /// <summary>Calls that a connection (over HTTP: a watcher) may make at once before <see cref="CallsPerSecond"/>
    /// holds.</summary>
    [Range(1, 10_000)]
    public int CallBurst { get; set; } = 20;

    /// <summary>Calls per second that a connection (over HTTP: a watcher) may make in the long run.</summary>
    [Range(1, 10_000)]
    public int CallsPerSecond { get; set; } = 5;

    /// <summary>A node's interest ends this long after its death. It is renewed three times as often.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:05:00")]
    public TimeSpan LeaseLifetime { get; set; } = TimeSpan.FromSeconds(30);
}
