using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// Keeps watchers within their quota of cold ids: ids that the hub holds nothing for, so that Graph has to be asked.
/// Any caller can make up such ids.
/// </summary>
internal sealed class ColdIdQuota(InterestIndex index, PresenceMirror mirror, UnknownSubjects unknown)
{
    /// <summary>
    /// Charges a <c>Watch</c> before its interest is announced, because announced interest makes the leader read Graph.
    /// Subjects that this node has announced already cost nothing.
    /// </summary>
    /// <param name="usage">The usage of the watcher.</param>
    /// <param name="entries">The answer of the call. It includes all entries that are not live.</param>
    /// <exception cref="QuotaExceededException">The watcher has used its quota.</exception>
    public void ChargeWatch(WatcherUsage usage, IReadOnlyList<StoredEntry> entries)
    {
        List<SubjectId>? cold = null;
        foreach (var entry in entries)
        {
            if (IsCold(entry))
            {
                (cold ??= []).Add(entry.Subject);
            }
        }

        if (cold is not null)
        {
            Charge(usage, index.CountNotAnnounced(cold));
        }
    }

    /// <summary>
    /// Charges a read, and returns the subjects to ask Graph for. If the quota does not cover subjects with an old
    /// entry, these are answered with that entry: during an outage of Graph all entries are old.
    /// </summary>
    /// <exception cref="QuotaExceededException">The watcher has used its quota.</exception>
    public IReadOnlySet<SubjectId> ChargeRead(WatcherUsage usage, IReadOnlyList<StoredEntry> entries)
    {
        var needed = entries.Where(NeedsGraph).ToArray();
        Charge(usage, needed.Count(IsCold));
        var old = needed.Where(entry => !IsCold(entry)).ToArray();
        var asked = usage.ColdIds.TryTake(old.Length, out _) ? old : [];
        return asked.Concat(needed.Where(IsCold)).Select(entry => entry.Subject).ToHashSet();
    }

    /// <summary>
    /// Whether Graph has to be asked. An id that Graph does not know either has an entry that says so, or is in the
    /// cache of unknown ids: another read would not change that. In a lost partition the store cannot take the answer.
    /// </summary>
    public bool NeedsGraph(StoredEntry entry) =>
        !entry.IsLive
        && entry.ObservedAt < mirror.StaleBefore
        && (entry.IsKnown || !unknown.Contains(entry.Subject))
        && !mirror.IsLost(entry.Subject);

    private static void Charge(WatcherUsage usage, int cold)
    {
        if (!usage.ColdIds.TryTake(cold, out var retryAfter))
        {
            throw QuotaExceededException.ColdIds(usage.Limits.ColdIdsPerMinute, retryAfter);
        }
    }

    /// <summary>Interest in a cold id makes the leader ask Graph, also while its partition is lost.</summary>
    private bool IsCold(StoredEntry entry) =>
        entry is { IsKnown: false, ObservedAt: 0 } && !unknown.Contains(entry.Subject);
}
