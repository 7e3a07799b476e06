using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>Reads subjects once. Graph is asked for subjects without a recent entry, and its answer is awaited for a
/// limited time.</summary>
internal sealed class PresenceReads(
    PresenceMirror mirror,
    ColdIdQuota coldIds,
    RefreshRequests refreshes,
    TimeProvider time,
    ILogger<PresenceReads> logger
)
{
    private static readonly TimeSpan ColdReadTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ColdReadPoll = TimeSpan.FromMilliseconds(25);

    /// <summary>The entries of subjects that the watcher may see; only <see cref="PresenceCalls"/> knows
    /// that.</summary>
    /// <exception cref="QuotaExceededException">The watcher has used its quota of cold ids.</exception>
    /// <exception cref="StoreUnavailableException">The store did not answer, and this node does not hold all
    /// entries.</exception>
    public async Task<IReadOnlyList<StoredEntry>> ReadAsync(
        WatcherUsage usage,
        IReadOnlyList<SubjectId> subjects,
        CancellationToken cancellationToken
    )
    {
        mirror.Track(subjects);
        try
        {
            var entries = await mirror.ReadAsync(subjects, null, cancellationToken, isFresh: true);
            return coldIds.ChargeRead(usage, entries) is { Count: > 0 } asked
                ? await WaitForGraphAsync(subjects, entries, asked, cancellationToken)
                : entries;
        }
        finally
        {
            mirror.Untrack(subjects);
        }
    }

    private async Task<IReadOnlyList<StoredEntry>> WaitForGraphAsync(
        IReadOnlyList<SubjectId> subjects,
        IReadOnlyList<StoredEntry> entries,
        IReadOnlySet<SubjectId> asked,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await refreshes.PublishAsync([.. asked]);
        }
        catch (Exception exception) when (exception is StackExchange.Redis.RedisException or TimeoutException)
        {
            logger.ColdReadNotAsked(exception.Message);
            return entries;
        }

        var started = time.GetTimestamp();
        while (
            entries.Any(entry => asked.Contains(entry.Subject) && coldIds.NeedsGraph(entry))
            && time.GetElapsedTime(started) < ColdReadTimeout
        )
        {
            await Task.Delay(ColdReadPoll, time, cancellationToken);
            entries = await mirror.ReadAsync(subjects, null, cancellationToken, isFresh: true);
        }

        return entries;
    }
}
