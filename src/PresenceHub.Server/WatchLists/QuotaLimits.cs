namespace PresenceHub.Server.WatchLists;

/// <summary>The quotas of a watcher.</summary>
/// <param name="Connections">Connections at a time, on all nodes.</param>
/// <param name="WatchedIds">Ids watched at a time, over all connections on all nodes.</param>
/// <param name="IdsPerSecond">Ids of calls in the long run.</param>
/// <param name="IdBurst">Ids of calls at once.</param>
/// <param name="ColdIdsPerMinute">Ids that the hub holds nothing for.</param>
/// <param name="PeopleRequestsPerMinute">Requests to Graph for people and photos, on each node.</param>
internal sealed record QuotaLimits(
    int Connections,
    int WatchedIds,
    int IdsPerSecond,
    int IdBurst,
    int ColdIdsPerMinute,
    int PeopleRequestsPerMinute
)
{
    public static QuotaLimits Unlimited { get; } =
        new(int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue);

    /// <summary>A copy with the quotas that a role sets.</summary>
    public QuotaLimits With(RoleQuotaOptions role) =>
        new(
            role.Connections ?? Connections,
            role.WatchedIds ?? WatchedIds,
            role.IdsPerSecond ?? IdsPerSecond,
            role.IdBurst ?? IdBurst,
            role.ColdIdsPerMinute ?? ColdIdsPerMinute,
            role.PeopleRequestsPerMinute ?? PeopleRequestsPerMinute
        );

    /// <summary>The larger of each quota.</summary>
    public QuotaLimits Max(QuotaLimits other) =>
        new(
            Math.Max(Connections, other.Connections),
            Math.Max(WatchedIds, other.WatchedIds),
            Math.Max(IdsPerSecond, other.IdsPerSecond),
            Math.Max(IdBurst, other.IdBurst),
            Math.Max(ColdIdsPerMinute, other.ColdIdsPerMinute),
            Math.Max(PeopleRequestsPerMinute, other.PeopleRequestsPerMinute)
        );
}
