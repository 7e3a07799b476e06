using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>One-shot reads. Graph is asked for a person who is not watched, and its answer is awaited for a
/// moment.</summary>
internal sealed class PresenceReads(
    ConnectionWatchLists watchLists,
    PresenceMirror mirror,
    ColdIdQuota coldIds,
    RefreshRequests refreshes,
    TimeProvider time,
    ILogger<PresenceReads> logger
)
{
    private static readonly TimeSpan ColdReadTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ColdReadPoll = TimeSpan.FromMilliseconds(25);

    /// <exception cref="CallRejectedException">The call as a whole is malformed or too large.</exception>
    /// <exception cref="QuotaExceededException">The watcher has used its quota of ids that Graph has to be asked
    /// for.</exception>
    /// <exception cref="StoreUnavailableException">The store is away and not all of it is held here.</exception>
    public async Task<WatchResult> ReadAsync(
        WatcherUsage usage,
        IReadOnlyList<string?>? ids,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var admission = await watchLists.AdmitAsync(usage.Watcher, ids, cancellationToken);
            var result = await ReadAsync(usage, admission, cancellationToken);
            if (watchLists.IsCurrent(admission))
            {
                return result;
            }
        }
    }

    private async Task<WatchResult> ReadAsync(
        WatcherUsage usage,
        Admission admission,
        CancellationToken cancellationToken
    )
    {
        var cursor = mirror.Cursor;
        mirror.Track(admission.Accepted);
        try
        {
            var entries = await mirror.ReadAsync(admission.Accepted, null, cancellationToken, isFresh: true);
            if (coldIds.ChargeRead(usage, entries) is { Count: > 0 } asked)
            {
                entries = await WaitForGraphAsync(admission.Accepted, entries, asked, cancellationToken);
            }

            return new WatchResult(
                [.. entries.Select(entry => entry.ToContract())],
                admission.Rejected,
                cursor.ToString()
            );
        }
        finally
        {
            mirror.Untrack(admission.Accepted);
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
