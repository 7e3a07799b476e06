using System.ComponentModel.DataAnnotations;

namespace PresenceHub.Server.WatchLists;

/// <summary>
/// The quotas of one watcher, over all its connections and reads on all nodes. The defaults are generous for people; a
/// service gets more by an app role (<see cref="Roles"/>).
/// </summary>
/// <remarks>Nodes exchange their counts once a second. A watcher on several nodes can exceed a quota for that
/// long.</remarks>
internal sealed class QuotaOptions
{
    public const string SectionName = "Quotas";

    /// <summary>Ids per second in <c>Watch</c>, <c>Get</c> and reads over HTTP, in the long run.</summary>
    [Range(1, 10_000_000)]
    public int IdsPerSecond { get; set; } = 1000;

    /// <summary>Ids at once before <see cref="IdsPerSecond"/> applies, enough for twenty tabs that resume. At least
    /// <c>WatchLists:MaxIdsPerCall</c>.</summary>
    [Range(1, 10_000_000)]
    public int IdBurst { get; set; } = 20_000;

    /// <summary>
    /// Ids per minute that the hub holds nothing for, so that Graph is asked. At least <c>WatchLists:MaxIdsPerCall</c>,
    /// because a call is granted or refused as a whole.
    /// </summary>
    [Range(1, 10_000_000)]
    public int ColdIdsPerMinute { get; set; } = 2000;

    /// <summary>
    /// Ids that a watcher may watch at a time, counted once per connection, over all connections on all nodes. A single
    /// connection is limited by <c>WatchLists:MaxSubjectsPerConnection</c>. In its first 40 seconds a connection may
    /// watch up to twice as many ids, because the lost connection that it replaces may still be counted. Ids that were
    /// watched then stay watched.
    /// </summary>
    [Range(1, 10_000_000)]
    public int WatchedIds { get; set; } = 20_000;

    /// <summary>
    /// The quotas of watchers with an app role, by the name of the role. A quota that is not set for a role is that of
    /// everyone. Of several roles, and of several tokens of one watcher, the largest quota counts.
    /// </summary>
    public IDictionary<string, RoleQuotaOptions> Roles { get; } =
        new Dictionary<string, RoleQuotaOptions>(StringComparer.Ordinal);
}
