using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Store;

/// <summary>How presence is stored, and how a node follows the store.</summary>
internal sealed class StoreOptions
{
    public const string SectionName = "Store";

    /// <summary>
    /// Number of partitions: 1 to 1,024. It must be the same on all nodes and cannot be changed while data is held.
    /// More partitions spread the data over more servers of a cluster.
    /// </summary>
    [Range(1, 1024)]
    public int Partitions { get; set; } = 16;

    /// <summary>
    /// Time without a confirmation after which an entry is shown as stale: 1 second to 1 day. Default: two polling
    /// periods and ten seconds; without polling 65 minutes, which is longer than a subscription lives.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>
    /// Time after its last observation at which an entry is deleted: 1 minute to 7 days. It is bounded because presence
    /// is personal data.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan EntryLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How often a node compares its position with the store: 100 milliseconds to 30 seconds. It bounds how long a lost
    /// message stays unnoticed.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan PositionCheckPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How often a node publishes a message to itself, to prove that announcements reach it: 100 milliseconds to 1
    /// minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ProbePeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Time after which a probe that has not come back is lost: 100 milliseconds to 30 seconds. The node is then not
    /// ready, subscribes again and lists every partition again.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How often a node compares each entry that it holds with the store, with a tolerance of a tenth: 1 second to 1
    /// hour. It finds differences that nothing else has found.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ComparePeriod { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Time without a successful position check after which a node shows all entries as stale: 1 second to 1 minute. By
    /// then it cannot know whether they are still current.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan UnconfirmedAfter { get; set; } = TimeSpan.FromSeconds(5);
}
