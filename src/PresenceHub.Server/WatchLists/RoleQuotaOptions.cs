using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.WatchLists;

/// <summary>
/// The quotas of watchers whose tokens have an app role. Each property replaces the quota of the same name in
/// <see cref="QuotaOptions"/>, with the same meaning and unit.
/// </summary>
internal sealed class RoleQuotaOptions
{
    /// <summary>
    /// Connections at a time: 1 to 1,000,000. For everyone else <c>WatchLists:MaxConnectionsPerWatcher</c> applies.
    /// </summary>
    [Range(1, 1_000_000)]
    public int? Connections { get; set; }

    /// <inheritdoc cref="QuotaOptions.IdsPerSecond"/>
    [Range(1, 10_000_000)]
    public int? IdsPerSecond { get; set; }

    /// <inheritdoc cref="QuotaOptions.IdBurst"/>
    [Range(1, 10_000_000)]
    public int? IdBurst { get; set; }

    /// <inheritdoc cref="QuotaOptions.ColdIdsPerMinute"/>
    [Range(1, 10_000_000)]
    public int? ColdIdsPerMinute { get; set; }

    /// <inheritdoc cref="QuotaOptions.PeopleRequestsPerMinute"/>
    [Range(20, 1_000_000)]
    public int? PeopleRequestsPerMinute { get; set; }

    /// <inheritdoc cref="QuotaOptions.WatchedIds"/>
    [Range(1, 10_000_000)]
    public int? WatchedIds { get; set; }
}
