using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>The read of one call: it takes the entries that the mirror holds, and asks the pumps for the
/// others.</summary>
/// <param name="isFresh"> Whether the caller has no earlier answer about the subjects. While only some partitions are
/// lost, subjects without an entry are then answered as unknown, and the call succeeds. A caller with earlier answers
/// would ignore that and continue to show its entries as live. </param>
internal sealed class MirrorRead(
    IReadOnlyList<SubjectId> subjects,
    StoreKeys keys,
    MirrorPartition[] partitions,
    bool isFresh = false
)
{
    private readonly PartitionGroups _groups = new(subjects, keys);
    private readonly StoredEntry?[] _entries = new StoredEntry?[subjects.Count];
    private readonly PartitionPosition[] _positions = new PartitionPosition[partitions.Length];
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ReadTicket[]? _tickets;

    /// <summary>The partitions whose position is behind the client's cursor.</summary>
    private bool[]? _isAhead;

    // Includes the call itself, until it has asked for everything.
    private int _awaited = 1;

    /// <summary>Whether the call has to wait for reads.</summary>
    public bool IsWaiting => _tickets is not null;

    /// <summary>
    /// Takes the held entries and asks for the others. If a partition may lack a change, or is behind the client's
    /// cursor, all of its subjects are asked for. False when a pump has too many callers.
    /// </summary>
    public bool TryBegin(ReadPump[] pumps, Cursor? since)
    {
        var isOfLaterEpoch = since?.Epoch > LatestEpoch;
        for (var partition = 0; partition < partitions.Length; partition++)
        {
            var range = _groups[partition];
            var asked = _groups.Subjects[range];
            if (asked.IsEmpty)
            {
                continue;
            }

            var entries = _entries.AsSpan(range);
            var isFollowing = partitions[partition].FillIn(asked, entries, out _positions[partition]);
            var isAhead = isOfLaterEpoch || since?.Time > _positions[partition].Clock;
            if (isAhead)
            {
                (_isAhead ??= new bool[partitions.Length])[partition] = true;
            }

            var held = isFollowing && !isAhead ? entries : default;
            if (held.IsEmpty || held.Contains(null))
            {
                _tickets ??= new ReadTicket[subjects.Count];
                if (!pumps[partition].TryAsk(this, asked, held, _tickets.AsSpan(range)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Adds a read that has to end before the call is answered.</summary>
    public void ReadAsked() => Interlocked.Increment(ref _awaited);

    /// <summary>Records that a read has ended.</summary>
    public void ReadEnded()
    {
        if (Interlocked.Decrement(ref _awaited) is 0)
        {
            _completed.SetResult();
        }
    }

    /// <summary>Waits for all reads of the call.</summary>
    /// <exception cref="StoreUnavailableException">A read has failed, and this node does not hold all of its subjects
    /// in a state that is as late as the client's.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        ReadEnded();
        await _completed.Task.WaitAsync(cancellationToken);
        for (var partition = 0; partition < partitions.Length; partition++)
        {
            Take(partition);
        }
    }

    /// <summary>The entries in the order of the call. With a cursor, only those that a client at that cursor may lack
    /// and those that are not live.</summary>
    public IReadOnlyList<StoredEntry> Select(Cursor? since)
    {
        if (since?.Epoch > LatestEpoch)
        {
            since = null;
        }

        var selected = new StoredEntry[_entries.Length];
        var count = 0;
        for (var partition = 0; partition < partitions.Length; partition++)
        {
            var resume = since is { } start && start.Time <= _positions[partition].Clock ? since : null;
            var (offset, length) = _groups[partition].GetOffsetAndLength(_entries.Length);
            for (var i = offset; i < offset + length; i++)
            {
                // Uses the epoch of the entry, because an entry that was read from the store may be ahead of the node's
                // position.
                var entry = _entries[i]!;
                if (resume is null || !entry.IsLive || resume.Value.Precedes(entry))
                {
                    selected[_groups.Indexes[i]] = entry;
                    count++;
                }
            }
        }

        return count == selected.Length ? selected : [.. selected.Where(entry => entry is not null)];
    }

    private long LatestEpoch
    {
        get
        {
            var latest = 0L;
            foreach (var partition in partitions)
            {
                latest = Math.Max(latest, partition.Epoch);
            }

            return latest;
        }
    }

    private static bool HasLive(ReadOnlySpan<StoredEntry?> entries)
    {
        foreach (var entry in entries)
        {
            if (entry is { IsLive: true })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Takes the entries of the reads. After a failed read the held entries are the answer, as they are for all other
    /// clients: only the position check decides whether they are out of sync. A live entry that may be older than the
    /// client's is no answer.
    /// </summary>
    private void Take(int partition)
    {
        var range = _groups[partition];
        var entries = _entries.AsSpan(range);
        var tickets = _tickets.AsSpan(range);
        var position = new PartitionPosition(0, 0, long.MaxValue);
        Exception? failure = null;
        for (var i = 0; i < tickets.Length; i++)
        {
            if (tickets[i].Read is not { } read)
            {
                // The partition follows and held the entry, so it was not asked for.
                position = _positions[partition];
            }
            else if (read.Failure is null)
            {
                entries[i] = read[tickets[i].Index];
                position = read.Position.Clock < position.Clock ? read.Position : position;
            }
            else
            {
                failure = read.Failure;
            }
        }

        if (failure is null)
        {
            _positions[partition] = position;
            return;
        }

        partitions[partition].FillIn(_groups.Subjects[range], entries, out _);
        if (isFresh && partitions[partition].IsLost && Array.Exists(partitions, other => !other.IsLost))
        {
            partitions[partition].FillInUnknown(_groups.Subjects[range], entries);
        }

        if (entries.Contains(null) || (_isAhead?[partition] is true && HasLive(entries)))
        {
            throw new StoreUnavailableException(failure);
        }
    }
}
