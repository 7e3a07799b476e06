using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>One call's reading of the mirror: it takes what is held, and asks the pumps for the rest.</summary>
/// <param name="isFresh">
/// The caller knows nothing of the subjects. Where some partitions are lost and others are not, it is told so of what
/// is not held, instead of getting no answer at all. A caller with a view would ignore that, and go on showing as
/// live what it holds.
/// </param>
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

    /// <summary>The partitions that the client's cursor is ahead of.</summary>
    private bool[]? _isAhead;

    // One for the call itself, until it has asked for everything.
    private int _awaited = 1;

    /// <summary>Whether something has to be waited for.</summary>
    public bool IsWaiting => _tickets is not null;

    /// <summary>
    /// Takes what is held and asks for what is not. A partition that may miss a change, or is behind the client's
    /// cursor, is asked for everything. False when a pump has too many callers.
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

    /// <summary>One more read has to end before the call is answered.</summary>
    public void ReadAsked() => Interlocked.Increment(ref _awaited);

    /// <summary>A read has ended.</summary>
    public void ReadEnded()
    {
        if (Interlocked.Decrement(ref _awaited) is 0)
        {
            _completed.SetResult();
        }
    }

    /// <summary>Waits for what was asked for, once for all partitions.</summary>
    /// <exception cref="StoreUnavailableException">A read has failed, and not all of its subjects are held here as late
    /// as the client knows them.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        ReadEnded();
        await _completed.Task.WaitAsync(cancellationToken);
        for (var partition = 0; partition < partitions.Length; partition++)
        {
            Take(partition);
        }
    }

    /// <summary>The entries in the order asked; with a cursor only those that a client at that cursor may lack, and all
    /// that are not live.</summary>
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
                // The entry's own epoch: one that was read through may be ahead of the position that the node follows.
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
    /// Takes what was read. Where a read has failed, what is held is shown as the node shows it to all its clients:
    /// whether it is out of sync is for the position check to find. Not so what is shown as live and may be older than
    /// what the client has seen.
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
                // Held by a partition that follows, like all that was not asked for.
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
