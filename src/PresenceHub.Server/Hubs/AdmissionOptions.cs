using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// The rates that a node accepts from all clients together. Beyond them, clients wait in the order of arrival. When the
/// wait would be too long, they are refused before their tokens are checked, with the time after which to retry.
/// </summary>
internal sealed class AdmissionOptions
{
    public const string SectionName = "Admission";

    /// <summary>Connections per second that a node opens in the long run. A negotiated connection counts when it is
    /// negotiated.</summary>
    [Range(1, 1_000_000)]
    public int ConnectsPerSecond { get; set; } = 2_000;

    /// <summary>Connections that a node opens at once before <see cref="ConnectsPerSecond"/> applies.</summary>
    [Range(1, 1_000_000)]
    public int ConnectBurst { get; set; } = 2_000;

    /// <summary>Ids per second that a node answers in the long run: those of <c>Watch</c>, <c>Get</c> and reads over
    /// HTTP.</summary>
    [Range(1, 100_000_000)]
    public int IdsPerSecond { get; set; } = 200_000;

    /// <summary>Ids that a node answers at once before <see cref="IdsPerSecond"/> applies. At least
    /// <c>WatchLists:MaxIdsPerCall</c>.</summary>
    [Range(1, 100_000_000)]
    public int IdBurst { get; set; } = 200_000;

    /// <summary>The longest wait. A client that would have to wait longer is refused. Zero refuses all clients beyond
    /// the rates at once.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromSeconds(5);
}
