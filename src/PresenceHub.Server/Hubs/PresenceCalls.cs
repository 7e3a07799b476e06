using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// The calls that answer with entries: <c>Watch</c>, <c>Get</c> and reads over HTTP. Each call admits its ids, reads
/// their entries, and asks the policy again if it has changed since: an answer never holds an entry that the policy
/// denies at the time of the answer. A subject that the policy begins to allow during the call stays rejected, as if
/// the call had come before the change; the next call gets it.
/// </summary>
internal sealed class PresenceCalls(
    ConnectionWatchLists watchLists,
    PresenceMirror mirror,
    PresenceReads reads,
    ColdIdQuota coldIds
)
{
    /// <summary>Watches the ids of the request. A call that fails leaves nothing behind: no interest and no
    /// charge.</summary>
    /// <param name="connectionId">The connection that watches.</param>
    /// <param name="request">The ids, and the client's cursor.</param>
    /// <param name="hasCursor">Whether the connection has received a cursor.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CallRejectedException">The call as a whole is malformed or too large.</exception>
    /// <exception cref="QuotaExceededException">The watcher has used its quota of cold ids.</exception>
    /// <exception cref="StoreUnavailableException">The store did not answer, and this node does not hold all
    /// entries.</exception>
    public async Task<CallAnswer> WatchAsync(
        string connectionId,
        WatchRequest? request,
        bool hasCursor,
        CancellationToken cancellationToken
    )
    {
        var usage = watchLists.UsageOf(connectionId);
        var admission = await watchLists.AddAsync(connectionId, request?.Ids, cancellationToken);
        try
        {
            var since = Cursor.TryParse(request!.Cursor, out var cursor) ? cursor : (Cursor?)null;

            // A client without a cursor asks for everything next time too, so it may be answered that nothing is known
            // at present.
            var isFresh = !hasCursor && since is null or { Time: 0 };
            var answer = await AnswerAsync(
                admission,
                subjects => mirror.ReadAsync(subjects, since, cancellationToken, isFresh),
                current => watchLists.ReviewAsync(connectionId, current, cancellationToken)
            );
            coldIds.ChargeWatch(usage, answer.Entries);
            watchLists.Announce(connectionId, answer.Accepted);
            return answer;
        }
        catch
        {
            watchLists.Remove(connectionId, admission.Added);
            throw;
        }
    }

    /// <summary>Reads the ids once.</summary>
    /// <exception cref="CallRejectedException">The call as a whole is malformed or too large.</exception>
    /// <exception cref="QuotaExceededException">The watcher has used its quota of cold ids.</exception>
    /// <exception cref="StoreUnavailableException">The store did not answer, and this node does not hold all
    /// entries.</exception>
    public async Task<WatchResult> GetAsync(
        WatcherUsage usage,
        IReadOnlyList<string?>? ids,
        CancellationToken cancellationToken
    )
    {
        var admission = await watchLists.AdmitAsync(usage.Watcher, ids, cancellationToken);

        // The cursor is older than the entries, so that a later resume from it misses no change.
        var cursor = mirror.Cursor;
        var answer = await AnswerAsync(
            admission,
            subjects => reads.ReadAsync(usage, subjects, cancellationToken),
            current => watchLists.ReviewAsync(usage.Watcher, current, cancellationToken)
        );
        return new WatchResult(
            [.. answer.Entries.Select(entry => entry.ToContract())],
            answer.Rejected,
            cursor.ToString()
        );
    }

    private async Task<CallAnswer> AnswerAsync(
        Admission admission,
        Func<IReadOnlyList<SubjectId>, Task<IReadOnlyList<StoredEntry>>> read,
        Func<Admission, Task<Admission>> review
    )
    {
        var entries = await read(admission.Accepted);
        while (!watchLists.IsCurrent(admission))
        {
            admission = await review(admission);
            var accepted = admission.Accepted.ToHashSet();
            entries = [.. entries.Where(entry => accepted.Contains(entry.Subject))];
        }

        return new CallAnswer(entries, admission.Accepted, admission.Rejected);
    }
}
