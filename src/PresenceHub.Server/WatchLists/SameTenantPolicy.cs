using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>The default policy: a watcher of the hub's tenant sees all subjects, a watcher of another tenant
/// none.</summary>
internal sealed class SameTenantPolicy(IOptions<WatchListOptions> options) : IWatchPolicy
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
            watcher.TenantId != options.Value.TenantId
                ? FrozenSet<SubjectId>.Empty
                : subjects as IReadOnlySet<SubjectId> ?? subjects.ToHashSet()
        );
}
