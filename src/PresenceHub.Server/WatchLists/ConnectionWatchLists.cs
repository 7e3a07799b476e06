using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>The watch lists of the connections on this node, and the check which subjects a watcher may see.</summary>
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

    /// <summary>Raised after subjects were revoked from the list of a watcher.</summary>
    public event Action<Watcher, IReadOnlyList<SubjectId>>? Revoked;

    /// <summary>Opens the watch list of a connection. False when the watcher has reached its limit of
    /// connections.</summary>
    /// <param name="outbox">Sends the changes of the list to the connection.</param>
    /// <param name="roles">The app roles of the watcher's token. A role may have its own quotas.</param>
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

    /// <summary>The usage of the watcher of a connection, over all its connections.</summary>
    /// <exception cref="OperationCanceledException">The connection is closed.</exception>
    public WatcherUsage UsageOf(string connectionId) => ListOf(connectionId).Usage!;

    /// <summary>Removes a connection and its watch list. Unknown connections are ignored.</summary>
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
    /// Adds the ids to the watch list of the connection. From then on every change of an accepted subject reaches the
    /// connection. The caller reads the entries after that, so that a change in between arrives twice rather than
    /// never, and then calls <see cref="Announce"/>, or <see cref="Remove(string, IReadOnlyList{SubjectId})"/> if the
    /// read fails.
    /// </summary>
    /// <exception cref="CallRejectedException">The call as a whole is malformed or too large.</exception>
    public async Task<Admission> AddAsync(
        string connectionId,
        IReadOnlyList<string?>? ids,
        CancellationToken cancellationToken
    )
    {
        var list = ListOf(connectionId);
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

        // A review may have read the list before this call added to it, or the policy now denies a subject that the
        // connection watches already.
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

    /// <summary>Asks the policy again about all subjects of a list, and revokes and returns those that it
    /// denies.</summary>
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

    /// <summary>Asks the policy again about the watch list of a connection. Subjects of the admission that were revoked
    /// count as rejected.</summary>
    /// <exception cref="OperationCanceledException">The connection is closed.</exception>
    public async Task<Admission> ReviewAsync(
        string connectionId,
        Admission admission,
        CancellationToken cancellationToken
    )
    {
        var list = ListOf(connectionId);
        var version = policies.Version;
        await ReviewAsync(list, cancellationToken);
        return WithoutRevoked(list, admission) with { PolicyVersion = version };
    }

    /// <summary>Asks the policy again about the accepted subjects of a read. Denied subjects count as
    /// rejected.</summary>
    public async Task<Admission> ReviewAsync(Watcher watcher, Admission admission, CancellationToken cancellationToken)
    {
        var version = policies.Version;
        var visible = await policies.FilterAsync(watcher, admission.Accepted.ToHashSet(), cancellationToken);
        SubjectId[] denied = [.. admission.Accepted.Where(subject => !visible.Contains(subject))];
        return admission.Reject(denied, RejectionReason.NotVisible) with { PolicyVersion = version };
    }

    /// <summary>Announces those of the subjects that the connection watches, so that the leader reads them from Graph.
    /// The call that added them has succeeded.</summary>
    public void Announce(string connectionId, IReadOnlyList<SubjectId> subjects)
    {
        if (_lists.TryGetValue(connectionId, out var list))
        {
            list.Announce(subjects);
        }
    }

    /// <summary>Whether the policy is unchanged since it was asked.</summary>
    public bool IsCurrent(Admission admission) => admission.PolicyVersion == policies.Version;

    /// <summary>Splits ids into those that a watcher may read and those that are rejected. Watches nothing.</summary>
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

    /// <summary>Stops watching. Ids that are malformed or not watched are ignored.</summary>
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

    private WatchList ListOf(string connectionId) =>
        _lists.TryGetValue(connectionId, out var list)
            ? list
            : throw new OperationCanceledException("The connection is closed");

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
