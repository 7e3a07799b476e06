using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Store;

internal sealed class StoreOptions
{
    public const string SectionName = "Store";

    /// <summary>Number of partitions; the same on all nodes, and not to be changed while data is held.</summary>
    [Range(1, 1024)]
    public int Partitions { get; set; } = 16;

    /// <summary>An entry not confirmed for this long is shown as stale. Default: two polling periods and ten
    /// seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>An entry lives this long after its last observation: presence is personal data.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan EntryLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How often a node compares its position with the store's. It bounds how long a lost message stays
    /// unnoticed.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan PositionCheckPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a node proves that announcements reach it, by one of its own.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ProbePeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>A probe that has not come back by then is lost: the node is not ready, and subscribes and lists
    /// everything again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a node compares all that it holds with the store, give or take a tenth.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ComparePeriod { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Without a successful position check for this long, a node can vouch for nothing and shows all it holds
    /// as stale.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan UnconfirmedAfter { get; set; } = TimeSpan.FromSeconds(5);
}
