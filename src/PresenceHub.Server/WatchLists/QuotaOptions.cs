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

    /// <summary>Ids per second in <c>Watch</c>, <c>Get</c> and reads over HTTP, on average: 1 to 10,000,000.</summary>
    [Range(1, 10_000_000)]
    public int IdsPerSecond { get; set; } = 1000;

    /// <summary>
    /// Ids at once before <see cref="IdsPerSecond"/> applies: 1 to 10,000,000, and at least
    /// <c>WatchLists:MaxIdsPerCall</c>, because a call counts as a whole. The default lets twenty tabs resume at once.
    /// </summary>
    [Range(1, 10_000_000)]
    public int IdBurst { get; set; } = 20_000;

    /// <summary>
    /// Ids per minute of which the hub holds nothing, so that Graph is asked: 1 to 10,000,000, and at least
    /// <c>WatchLists:MaxIdsPerCall</c>, because a call counts as a whole. The quota keeps one watcher from spending the
    /// request budget of the tenant.
    /// </summary>
    [Range(1, 10_000_000)]
    public int ColdIdsPerMinute { get; set; } = 2000;

    /// <summary>
    /// Requests to Graph per minute that a watcher may cause by looking people up and loading photos: 20 to 1,000,000,
    /// on each node. A request reads up to 15 ids, 7 addresses, one search or one photo; answers from the cache cost
    /// nothing. The quota keeps one watcher from using the whole share of people.
    /// </summary>
    [Range(20, 1_000_000)]
    public int PeopleRequestsPerMinute { get; set; } = 600;

    /// <summary>
    /// Ids that a watcher may watch, counted once per connection: 1 to 10,000,000. A connection may watch up to twice
    /// as many in its first 40 seconds, because the lost connection that it replaces may still be counted. Ids that are
    /// watched by then stay watched.
    /// </summary>
    [Range(1, 10_000_000)]
    public int WatchedIds { get; set; } = 20_000;

    /// <summary>
    /// Other quotas for tokens with an app role, by its name. A setting that is left out keeps the value for everyone.
    /// Of several roles, and of several tokens of one watcher, the largest quota applies.
    /// </summary>
    public IDictionary<string, RoleQuotaOptions> Roles { get; } =
        new Dictionary<string, RoleQuotaOptions>(StringComparer.Ordinal);
}
