using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>
/// The state of one partition on this node: the entries of the tracked subjects, and the position up to which this node
/// has seen every change. Changes are reported under the lock, so that they come in order: the receiver only records.
/// </summary>
internal sealed class MirrorPartition(Action<IReadOnlyList<StoredEntry>> changed)
{
    private readonly Lock _gate = new();
    private readonly MirrorEntries _entries = new();
    private PartitionPosition _position;
    private long _epoch;
    private volatile bool _isFollowing;
    private volatile bool _isLost = true;

    /// <summary>The epoch of the position, read without waiting for the lock.</summary>
    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>Whether the partition was not listed since the start, or since <see cref="MarkAllStale"/>.</summary>
    public bool IsLost => _isLost;

    /// <summary>Whether every change after the position reaches this node, as far as it can tell.</summary>
    public bool IsFollowing => _isFollowing;

    public PartitionPosition Position
    {
        get
        {
            lock (_gate)
            {
                return _position;
            }
        }
    }

    public IReadOnlyList<SubjectId> Tracked
    {
        get
        {
            lock (_gate)
            {
                return _entries.Subjects;
            }
        }
    }

    public void Track(ReadOnlySpan<SubjectId> subjects)
    {
        lock (_gate)
        {
            _entries.Track(subjects);
        }
    }

    public void Untrack(ReadOnlySpan<SubjectId> subjects)
    {
        lock (_gate)
        {
            _entries.Untrack(subjects);
        }
    }

    /// <summary>Fills in the held entries of the subjects, as of one moment. True when no change up to the position can
    /// be missing.</summary>
    public bool FillIn(ReadOnlySpan<SubjectId> subjects, Span<StoredEntry?> entries, out PartitionPosition position)
    {
        lock (_gate)
        {
            position = _position;
            _entries.FillIn(subjects, entries);
            return _isFollowing;
        }
    }

    /// <inheritdoc cref="MirrorEntries.FillInUnknown"/>
    public void FillInUnknown(ReadOnlySpan<SubjectId> subjects, Span<StoredEntry?> entries)
    {
        lock (_gate)
        {
            _entries.FillInUnknown(subjects, entries, _position.Epoch);
        }
    }

    /// <summary>The held entries of the subjects; null where none is held.</summary>
    public IReadOnlyList<StoredEntry?> Held(IReadOnlyList<SubjectId> subjects)
    {
        lock (_gate)
        {
            return [.. subjects.Select(_entries.Find)];
        }
    }

    /// <summary>Takes an announced change. False when an earlier change is missing: the partition has to be listed
    /// again.</summary>
    public bool TryFollow(ChangeMessage message)
    {
        lock (_gate)
        {
            if (message.Position.Epoch < _position.Epoch)
            {
                // A message from before a failover. It no longer applies.
                return true;
            }

            var missed = message.Position.Epoch > _position.Epoch || message.Position.Offset > _position.Offset + 1;
            if (missed)
            {
                _isFollowing = false;
            }
            else if (message.Position.Offset == _position.Offset + 1)
            {
                MoveTo(message.Position);
            }

            // Entries have an order of their own, so those of a message out of order are still good.
            Report(_entries.Merge(message.Entries));
            return !missed;
        }
    }

    /// <summary>Whether this node has seen every change up to the position.</summary>
    public bool HasReached(PartitionPosition position)
    {
        lock (_gate)
        {
            return _isFollowing && _position.Epoch == position.Epoch && _position.Offset >= position.Offset;
        }
    }

    /// <summary>Takes a position after which no change was announced, so that the clock of a quiet partition
    /// advances.</summary>
    public void Confirm(PartitionPosition position)
    {
        lock (_gate)
        {
            if (IsAt(position) && position.Clock > _position.Clock)
            {
                MoveTo(position);
            }
        }
    }

    /// <summary>Takes a listing of the tracked subjects and follows from its position. True when the data has another
    /// epoch than before.</summary>
    public bool Relist(IReadOnlyList<SubjectId> subjects, PartitionSnapshot listing, long staleBefore)
    {
        lock (_gate)
        {
            if (listing.Position.Epoch < _position.Epoch)
            {
                return false;
            }

            var isOtherEpoch = _position.Epoch is not 0 && listing.Position.Epoch != _position.Epoch;
            if (!_isFollowing || listing.Position.Includes(_position))
            {
                MoveTo(listing.Position);
            }

            _isFollowing = true;
            _isLost = false;
            _entries.DropUntracked();
            Take(subjects, listing, staleBefore);

            // A subject that was tracked during the listing is not in it. If a change of that subject was lost before
            // the position, nothing else would show that.
            _entries.MarkUnlistedExcept(subjects);
            return isOtherEpoch;
        }
    }

    /// <summary>Takes a reading of some subjects. Subjects that are not tracked are left out.</summary>
    public void TakeReading(IReadOnlyList<SubjectId> subjects, PartitionSnapshot reading, long staleBefore)
    {
        lock (_gate)
        {
            TakeReading(subjects, reading, staleBefore, answersCalls: false);
        }
    }

    /// <summary>
    /// Takes a reading that answers calls of clients, and returns the entries that are held after it; for subjects that
    /// are not tracked, those of the reading. The first entry of a subject is not reported: each of its watchers still
    /// waits for the answer of its own call, which includes that entry.
    /// </summary>
    public IReadOnlyList<StoredEntry> Answer(
        IReadOnlyList<SubjectId> subjects,
        PartitionSnapshot reading,
        long staleBefore
    )
    {
        lock (_gate)
        {
            TakeReading(subjects, reading, staleBefore, answersCalls: true);
            return _entries.Answer(subjects, reading);
        }
    }

    /// <summary>The subjects that have to be read: those that a listing left out, and live entries whose last known
    /// confirmation is too old or too late.</summary>
    /// <param name="staleBefore">Entries confirmed before this time (µs) are too old.</param>
    /// <param name="aheadOf">Entries confirmed after this time (µs) are ahead of the store, whose clock has stepped
    /// back.</param>
    public IReadOnlyList<SubjectId> DueForReading(long staleBefore, long aheadOf = long.MaxValue)
    {
        lock (_gate)
        {
            return _entries.DueForReading(staleBefore, aheadOf);
        }
    }

    /// <inheritdoc cref="MirrorEntries.FindReadBefore"/>
    public void FindReadBefore(int now, Func<SubjectId, int> ageOf, List<SubjectId> found)
    {
        lock (_gate)
        {
            _entries.FindReadBefore(now, ageOf, found);
        }
    }

    /// <summary>Drops entries that are wrong, so that the next reading replaces them, and returns how many. None when
    /// the partition is no longer at the position as of which they are wrong.</summary>
    public int Drop(IReadOnlyList<StoredEntry> wrong, PartitionPosition asOf)
    {
        lock (_gate)
        {
            return IsAt(asOf) ? _entries.Drop(wrong) : 0;
        }
    }

    /// <summary>Records that a change may be missing. The held entries count as live until the next listing.</summary>
    public void MarkOutOfSync()
    {
        lock (_gate)
        {
            _isFollowing = false;
        }
    }

    /// <summary>Records that the partition is lost, until it has been listed again.</summary>
    public void MarkAllStale()
    {
        lock (_gate)
        {
            _isFollowing = false;
            _isLost = true;
            Report(_entries.MarkAllStale());
        }
    }

    private void TakeReading(
        IReadOnlyList<SubjectId> subjects,
        PartitionSnapshot reading,
        long staleBefore,
        bool answersCalls
    )
    {
        if (reading.Position.Epoch > _position.Epoch)
        {
            _isFollowing = false;
        }

        if (reading.Position.Epoch >= _position.Epoch)
        {
            Take(subjects, reading, staleBefore, answersCalls);
        }
    }

    private void Take(
        IReadOnlyList<SubjectId> subjects,
        PartitionSnapshot reading,
        long staleBefore,
        bool answersCalls = false
    ) => Report(_entries.Take(subjects, reading, staleBefore, reading.Position.Includes(_position), answersCalls));

    private bool IsAt(PartitionPosition position) =>
        _isFollowing && _position.Epoch == position.Epoch && _position.Offset == position.Offset;

    private void MoveTo(PartitionPosition position)
    {
        _position = position;
        Volatile.Write(ref _epoch, position.Epoch);
    }

    private void Report(List<StoredEntry> news)
    {
        if (news.Count > 0)
        {
            changed(news);
        }
    }
}
