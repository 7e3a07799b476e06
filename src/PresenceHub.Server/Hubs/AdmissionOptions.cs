using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// The rates that a node accepts from all clients together. Beyond them, clients wait in the order of arrival. When the
/// wait would be too long, they are refused before their tokens are checked, with the time after which to retry.
/// </summary>
internal sealed class AdmissionOptions
{
    public const string SectionName = "Admission";

    /// <summary>
    /// Connections per second that a node opens on average: 1 to 1,000,000. A negotiated connection counts when it is
    /// negotiated. The limit keeps a wave of reconnecting clients from exhausting the processor of the node.
    /// </summary>
    [Range(1, 1_000_000)]
    public int ConnectsPerSecond { get; set; } = 2_000;

    /// <summary>
    /// Connections that a node opens at once before <see cref="ConnectsPerSecond"/> applies: 1 to 1,000,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int ConnectBurst { get; set; } = 2_000;

    /// <summary>
    /// Ids per second that a node answers on average, in <c>Watch</c>, <c>Get</c> and reads over HTTP together: 1 to
    /// 100,000,000. The limit keeps reads from delaying the delivery of changes.
    /// </summary>
    [Range(1, 100_000_000)]
    public int IdsPerSecond { get; set; } = 200_000;

    /// <summary>
    /// Ids that a node answers at once before <see cref="IdsPerSecond"/> applies: 1 to 100,000,000, and at least
    /// <c>WatchLists:MaxIdsPerCall</c>, because a call counts as a whole.
    /// </summary>
    [Range(1, 100_000_000)]
    public int IdBurst { get; set; } = 200_000;

    /// <summary>
    /// Longest time that a client waits for its turn: 0 to 30 seconds. A client that would have to wait longer is
    /// refused and told when to retry. Zero refuses at once everything that exceeds a rate.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(5);
}
