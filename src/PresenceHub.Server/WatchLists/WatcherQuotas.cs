using Microsoft.Extensions.Options;

namespace PresenceHub.Server.WatchLists;

/// <summary>The usage of each watcher that was recently active on this node. Watchers come from tokens, so they cannot
/// be made up.</summary>
internal sealed class WatcherQuotas(
    IOptions<QuotaOptions> quotas,
    IOptions<WatchListOptions> watchLists,
    TimeProvider time
)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Watcher, WatcherUsage> _usages = [];
    private readonly QuotaLimits _everyone = new(
        watchLists.Value.MaxConnectionsPerWatcher,
        quotas.Value.WatchedIds,
        quotas.Value.IdsPerSecond,
        quotas.Value.IdBurst,
        quotas.Value.ColdIdsPerMinute,
        quotas.Value.PeopleRequestsPerMinute
    );

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _usages.Count;
            }
        }
    }

    /// <summary>Whether an app role has its own quotas.</summary>
    public bool IsSetFor(string role) => quotas.Value.Roles.ContainsKey(role);

    /// <param name="watcher">The watcher.</param>
    /// <param name="roles">The app roles of its token. They can raise the quotas. Smaller quotas apply after the
    /// watcher was idle.</param>
    public WatcherUsage Of(Watcher watcher, IEnumerable<string> roles)
    {
        lock (_gate)
        {
            return Find(watcher, roles);
        }
    }

    /// <summary>Counts a connection. Null when the watcher has reached its limit of connections.</summary>
    public WatcherUsage? TryConnect(Watcher watcher, IEnumerable<string> roles)
    {
        lock (_gate)
        {
            var usage = Find(watcher, roles);
            if (!usage.MayConnect)
            {
                return null;
            }

            usage.Connections++;
            return usage;
        }
    }

    public void Disconnect(WatcherUsage usage)
    {
        lock (_gate)
        {
            usage.Connections--;
        }
    }

    /// <summary>Removes watchers that are idle, and returns the others.</summary>
    public IReadOnlyList<WatcherUsage> Sweep()
    {
        lock (_gate)
        {
            foreach (var (watcher, usage) in _usages)
            {
                if (usage.IsIdle)
                {
                    _usages.Remove(watcher);
                }
            }

            return [.. _usages.Values];
        }
    }

    private WatcherUsage Find(Watcher watcher, IEnumerable<string> roles)
    {
        var limits = LimitsOf(roles);
        if (_usages.TryGetValue(watcher, out var usage))
        {
            usage.Raise(limits);
        }
        else
        {
            _usages[watcher] = usage = new WatcherUsage(watcher, limits, time);
        }

        return usage;
    }

    private QuotaLimits LimitsOf(IEnumerable<string> roles)
    {
        if (quotas.Value.Roles.Count is 0)
        {
            return _everyone;
        }

        QuotaLimits? limits = null;
        foreach (var role in roles)
        {
            if (quotas.Value.Roles.TryGetValue(role, out var set))
            {
                var ofRole = _everyone.With(set);
                limits = limits?.Max(ofRole) ?? ofRole;
            }
        }

        return limits ?? _everyone;
    }
}
