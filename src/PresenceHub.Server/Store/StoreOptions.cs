using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Store;

internal sealed class StoreOptions
{
    public const string SectionName = "Store";

    /// <summary>Prefix of every key and channel, so that several hubs can share a server.</summary>
    [Required, RegularExpression("^[A-Za-z0-9_-]{1,32}$")]
    public string KeyPrefix { get; set; } = "ph";

    /// <summary>
    /// The start of all channel names, before <see cref="KeyPrefix"/>. It names the database, because channels do not
    /// belong to a database of Redis as keys do. Empty for database 0.
    /// </summary>
    internal string ChannelPrefix { get; set; } = string.Empty;

    /// <summary>The setting that names the server, for messages.</summary>
    internal string ConnectionSetting { get; set; } = "Redis:ConnectionString";

    /// <summary>The number of partitions. It is the same on all nodes, and must not change while the store holds
    /// data.</summary>
    [Range(1, 1024)]
    public int Partitions { get; set; } = 16;

    /// <summary>How long after its last confirmation an entry is shown as stale. Default: two polling periods and ten
    /// seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>How long the store keeps an entry after its last observation. Presence is personal data.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan EntryLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How often a node compares its position with that of the store. A lost message is found after this time
    /// at the latest.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan PositionCheckPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a node sends itself a probe, which proves that announcements reach it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ProbePeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a probe may take. After that the node is not ready, subscribes again and resyncs.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest time between two comparisons of an entry of a node with the store.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ComparePeriod { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long after its last successful position check a node shows all entries of a partition as
    /// stale.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan UnconfirmedAfter { get; set; } = TimeSpan.FromSeconds(5);
}
