using System.Collections.Frozen;
using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>The default: a watcher of the hub's own tenant sees everyone in it, a watcher of another tenant no
/// one.</summary>
internal sealed class SameTenantPolicy(HubTenant tenant) : IWatchPolicy
{
    /// <summary>Never raised: the tenants of a token and of the hub are fixed.</summary>
    public event Action? Changed
    {
        add { }
        remove { }
    }

    public ValueTask<IReadOnlySet<SubjectId>> FilterAsync(
        Watcher watcher,
        IReadOnlyCollection<SubjectId> subjects,
        CancellationToken cancellationToken
    ) =>
        ValueTask.FromResult<IReadOnlySet<SubjectId>>(
            watcher.TenantId != tenant.Id
                ? FrozenSet<SubjectId>.Empty
                : subjects as IReadOnlySet<SubjectId> ?? subjects.ToHashSet()
        );
}
