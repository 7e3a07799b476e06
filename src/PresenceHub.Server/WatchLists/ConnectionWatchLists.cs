using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>The watch lists of the connections on this node, and the check of who may watch which subject.</summary>
internal sealed class ConnectionWatchLists(
    WatchPolicies policies,
    InterestIndex index,
    WatcherQuotas quotas,
    IOptions<WatchListOptions> options
)
{
    private readonly WatchListOptions _options = options.Value;
    private readonly ConcurrentDictionary<string, WatchList> _lists = new(StringComparer.Ordinal);

    public IEnumerable<WatchList> All => _lists.Values;

    /// <summary>Raised after subjects were withdrawn from a watcher's list.</summary>
    public event Action<Watcher, IReadOnlyList<SubjectId>>? Revoked;

    /// <summary>False when the watcher holds as many connections as it may.</summary>
    /// <param name="outbox">What sends the connection the changes of its list.</param>
    /// <param name="roles">The app roles of the watcher's token, which may have quotas of their own.</param>
    public bool TryOpen(
        string connectionId,
        Watcher watcher,
        IWatchListOutbox? outbox,
        IEnumerable<string>? roles = null
    )
    {
        if (quotas.TryConnect(watcher, roles ?? []) is not { } usage)
        {
            return false;
        }

        _lists[connectionId] = new WatchList(connectionId, watcher, _options.MaxSubjectsPerConnection, index, outbox)
        {
            Usage = usage,
            OpenedAt = usage.Now,
        };
        return true;
    }

    /// <summary>What the watcher of a connection takes in all.</summary>
    /// <exception cref="OperationCanceledException">The connection is closed.</exception>
    public WatcherUsage UsageOf(string connectionId) =>
        _lists.TryGetValue(connectionId, out var list)
            ? list.Usage!
            : throw new OperationCanceledException("The connection is closed");

    /// <summary>Forgets a connection and everything it watched. Unknown connections are ignored.</summary>
    public void Close(string connectionId)
    {
        if (!_lists.TryRemove(connectionId, out var list))
        {
            return;
        }

        list.Close();
        quotas.Disconnect(list.Usage!);
    }

    /// <summary>
    /// Adds the ids to what the connection watches. From the return on, every change of an accepted subject reaches the
    /// connection; its present entry is read after that, so a change in between arrives twice rather than never.
    /// </summary>
    /// <exception cref="CallRejectedException">The call as a whole is malformed or too large.</exception>
    public async Task<Admission> AddAsync(
        string connectionId,
        IReadOnlyList<string?>? ids,
        CancellationToken cancellationToken
    )
    {
        if (!_lists.TryGetValue(connectionId, out var list))
        {
            throw new OperationCanceledException("The connection is closed");
        }

        var admission = await AdmitAsync(list.Watcher, ids, cancellationToken);
        var (added, overLimit) = list.Add(admission.Accepted);
        var isCurrent = IsCurrent(admission);
        admission = admission.Reject([.. overLimit], RejectionReason.LimitExceeded);

        admission = admission with { Added = added };
        if (!_lists.ContainsKey(connectionId))
        {
            throw new OperationCanceledException("The connection is closed");
        }

        if (isCurrent && !admission.Rejected.Any(rejected => rejected.Reason == RejectionReason.NotVisible))
        {
            return admission;
        }

        // A review may have looked at the list before this call added to it, or what the call asks for again is now
        // denied.
        try
        {
            await ReviewAsync(list, cancellationToken);
        }
        catch
        {
            list.Remove(added);
            throw;
        }

        return WithoutRevoked(list, admission);
    }

    /// <summary>Asks the policy again about all that is watched, and revokes what it denies. Returns that.</summary>
    public async Task<IReadOnlyList<SubjectId>> ReviewAsync(WatchList list, CancellationToken cancellationToken)
    {
        var subjects = list.Subjects;
        var visible = await policies.FilterAsync(list.Watcher, subjects, cancellationToken);
        if (visible.Count == subjects.Count)
        {
            return [];
        }

        var revoked = list.Revoke(subjects.Where(subject => !visible.Contains(subject)));
        if (revoked.Count > 0)
        {
            Revoked?.Invoke(list.Watcher, revoked);
        }

        return revoked;
    }

    /// <summary>The admission as it stands now: the policy is asked again, and what was revoked counts as
    /// rejected.</summary>
    public async Task<Admission> ReviewAsync(
        string connectionId,
        Admission admission,
        CancellationToken cancellationToken
    )
    {
        if (!_lists.TryGetValue(connectionId, out var list))
        {
            return admission;
        }

        await ReviewAsync(list, cancellationToken);
        return WithoutRevoked(list, admission);
    }

    /// <summary>Whether the policy has not changed since it was asked.</summary>
    public bool IsCurrent(Admission admission) => admission.PolicyVersion == policies.Version;

    /// <summary>Sorts out which ids a watcher may read, without watching anything.</summary>
    /// <exception cref="CallRejectedException">The call as a whole is malformed or too large.</exception>
    public async Task<Admission> AdmitAsync(
        Watcher watcher,
        IReadOnlyList<string?>? ids,
        CancellationToken cancellationToken
    )
    {
        CheckCall(ids);

        var subjects = new List<SubjectId>(ids!.Count);
        var distinct = new HashSet<SubjectId>(ids.Count);
        HashSet<string>? invalid = null;
        foreach (var id in ids)
        {
            if (!SubjectId.TryParse(id, out var subject))
            {
                (invalid ??= new HashSet<string>(StringComparer.Ordinal)).Add(id!);
            }
            else if (distinct.Add(subject))
            {
                subjects.Add(subject);
            }
        }

        var version = policies.Version;
        var visible = await policies.FilterAsync(watcher, distinct, cancellationToken);
        RejectedSubject[] rejected = invalid is null
            ? []
            : [.. invalid.Select(id => new RejectedSubject(id, RejectionReason.InvalidId))];
        SubjectId[] denied =
            visible.Count == subjects.Count ? [] : [.. subjects.Where(subject => !visible.Contains(subject))];
        return new Admission(ids, subjects, [], rejected, version).Reject(denied, RejectionReason.NotVisible);
    }

    /// <summary>Stops watching; ids that are not watched, or are none, are ignored.</summary>
    /// <exception cref="CallRejectedException">The call as a whole is malformed or too large.</exception>
    public void Remove(string connectionId, IReadOnlyList<string?>? ids)
    {
        CheckCall(ids);
        Remove(
            connectionId,
            [
                .. ids!
                    .Select(id => SubjectId.TryParse(id, out var subject) ? subject : (SubjectId?)null)
                    .OfType<SubjectId>(),
            ]
        );
    }

    /// <summary>Stops watching.</summary>
    public void Remove(string connectionId, IReadOnlyList<SubjectId> subjects)
    {
        if (_lists.TryGetValue(connectionId, out var list))
        {
            list.Remove(subjects);
        }
    }

    private static Admission WithoutRevoked(WatchList list, Admission admission) =>
        admission.Reject(list.NotWatchedOf(admission.Accepted), RejectionReason.NotVisible);

    private void CheckCall(IReadOnlyList<string?>? ids)
    {
        if (ids is null)
        {
            throw new CallRejectedException(ErrorCode.InvalidRequest, "ids must be an array of strings");
        }

        if (ids.Count > _options.MaxIdsPerCall)
        {
            throw new CallRejectedException(
                ErrorCode.LimitExceeded,
                $"ids holds {ids.Count} entries; one call may carry {_options.MaxIdsPerCall}"
            );
        }

        for (var i = 0; i < ids.Count; i++)
        {
            if (ids[i] is null)
            {
                throw new CallRejectedException(ErrorCode.InvalidRequest, $"ids[{i}] must be a string");
            }
        }
    }
}
