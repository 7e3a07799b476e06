using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// Keeps watchers within their quota of cold ids: those of which the hub holds nothing, so that Graph has to be asked.
/// Anyone can make such ids up.
/// </summary>
internal sealed class ColdIdQuota(
    ConnectionWatchLists watchLists,
    InterestIndex index,
    PresenceMirror mirror,
    UnknownSubjects unknown
)
{
    /// <summary>
    /// Charges a <c>Watch</c> before it registers interest, as if all its ids were cold; <see cref="Settle"/> gives the
    /// others back. Only when so many are not left is it found out which are.
    /// </summary>
    /// <returns>What was charged.</returns>
    /// <exception cref="QuotaExceededException">The watcher has used its quota.</exception>
    /// <exception cref="CallRejectedException">The call as a whole is malformed or too large.</exception>
    /// <exception cref="StoreUnavailableException">The store did not answer.</exception>
    public async Task<int> ChargeAsync(
        WatcherUsage usage,
        IReadOnlyList<string?>? ids,
        CancellationToken cancellationToken
    )
    {
        var most = ids?.Count ?? 0;
        if (most <= usage.Limits.ColdIdsPerMinute && usage.ColdIds.TryTake(most, out _))
        {
            return most;
        }

        var admission = await watchLists.AdmitAsync(usage.Watcher, ids, cancellationToken);
        var subjects = index.NotWatchedHere(admission.Accepted);
        mirror.Track(subjects);
        try
        {
            return Charge(usage, await mirror.ReadAsync(subjects, null, cancellationToken, isFresh: true));
        }
        finally
        {
            mirror.Untrack(subjects);
        }
    }

    /// <summary>Gives back what was charged for ids that the hub did hold.</summary>
    public void Settle(WatcherUsage usage, int charged, IReadOnlyList<StoredEntry> entries) =>
        usage.ColdIds.Return(Math.Max(0, charged - entries.Count(IsCold)));

    /// <summary>Charges a call for the cold ones of its entries, and returns their number.</summary>
    /// <exception cref="QuotaExceededException">The watcher has used its quota.</exception>
    public int Charge(WatcherUsage usage, IReadOnlyList<StoredEntry> entries)
    {
        var cold = entries.Count(IsCold);
        return usage.ColdIds.TryTake(cold, out var retryAfter)
            ? cold
            : throw QuotaExceededException.ColdIds(usage.Limits.ColdIdsPerMinute, retryAfter);
    }

    /// <summary>
    /// Charges a read, and returns the subjects that Graph is to be asked for. Those of which something is known, but
    /// of long ago, are answered as they are where the quota does not suffice: during an outage of Graph everything is
    /// that old.
    /// </summary>
    /// <exception cref="QuotaExceededException">The watcher has used its quota.</exception>
    public IReadOnlySet<SubjectId> ChargeRead(WatcherUsage usage, IReadOnlyList<StoredEntry> entries)
    {
        var needed = entries.Where(NeedsGraph).ToArray();
        Charge(usage, needed);
        var old = needed.Where(entry => !IsCold(entry)).ToArray();
        var asked = usage.ColdIds.TryTake(old.Length, out _) ? old : [];
        return asked.Concat(needed.Where(IsCold)).Select(entry => entry.Subject).ToHashSet();
    }

    /// <summary>
    /// Whether Graph has to be asked. An id that Graph does not know has either an entry, which says so, or is in the
    /// cache of unknown ids. Reading it again would tell nothing new, and neither would a reading that the store cannot
    /// take.
    /// </summary>
    public bool NeedsGraph(StoredEntry entry) =>
        !entry.IsLive
        && entry.ObservedAt < mirror.StaleBefore
        && (entry.IsKnown || !unknown.Contains(entry.Subject))
        && !mirror.IsLost(entry.Subject);

    /// <summary>Interest in such an id makes the leader ask Graph, also while its partition is lost.</summary>
    private bool IsCold(StoredEntry entry) =>
        entry is { IsKnown: false, ObservedAt: 0 } && !unknown.Contains(entry.Subject);
}
