using System.Runtime.InteropServices;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>
/// What a node knows of one partition: the subjects watched here and the position up to which every change has been
/// seen. Changes are reported while the partition is locked, so that they come in order; the receiver only takes note.
/// </summary>
internal sealed partial class MirrorPartition(Action<IReadOnlyList<StoredEntry>> changed)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SubjectId, MirrorSlot> _slots = [];
    private PartitionPosition _position;
    private long _epoch;
    private bool _isFollowing;

    /// <summary>The epoch of the position, to be had without waiting for the lock.</summary>
    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>Whether every change after the position reaches this node, as far as it can tell.</summary>
    public bool IsFollowing
    {
        get
        {
            lock (_gate)
            {
                return _isFollowing;
            }
        }
    }

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
                return [.. _slots.Keys];
            }
        }
    }

    public void Track(ReadOnlySpan<SubjectId> subjects)
    {
        lock (_gate)
        {
            foreach (var subject in subjects)
            {
                ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, subject, out _);
                slot ??= new MirrorSlot();
                slot.Trackers++;
            }
        }
    }

    public void Untrack(ReadOnlySpan<SubjectId> subjects)
    {
        lock (_gate)
        {
            foreach (var subject in subjects)
            {
                if (_slots.TryGetValue(subject, out var slot) && --slot.Trackers is 0 && !slot.IsKept)
                {
                    _slots.Remove(subject);
                }
            }
        }
    }

    /// <summary>Fills in what is held of the subjects, as of one moment. True when no change up to the position can be
    /// missing.</summary>
    public bool FillIn(ReadOnlySpan<SubjectId> subjects, Span<StoredEntry?> entries, out PartitionPosition position)
    {
        lock (_gate)
        {
            position = _position;
            for (var i = 0; i < subjects.Length; i++)
            {
                entries[i] = (_slots.TryGetValue(subjects[i], out var slot) ? slot.Entry : null) ?? entries[i];
            }

            return _isFollowing;
        }
    }

    /// <summary>What is held of the subjects; null where nothing is.</summary>
    public IReadOnlyList<StoredEntry?> Held(IReadOnlyList<SubjectId> subjects)
    {
        lock (_gate)
        {
            return [.. subjects.Select(subject => _slots.GetValueOrDefault(subject)?.Entry)];
        }
    }

    /// <summary>Takes an announced change. False when it shows that something was missed: the partition has to be
    /// listed again.</summary>
    public bool TryFollow(ChangeMessage message)
    {
        lock (_gate)
        {
            if (message.Position.Epoch < _position.Epoch)
            {
                // From before a failover. Nothing of it holds any more.
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

            // Entries order themselves, so what comes out of turn is still good.
            Merge(message.Entries);
            return !missed;
        }
    }

    /// <summary>Whether every change up to the position has been seen.</summary>
    public bool HasReached(PartitionPosition position)
    {
        lock (_gate)
        {
            return _isFollowing && _position.Epoch == position.Epoch && _position.Offset >= position.Offset;
        }
    }

    /// <summary>Takes over a position that nothing was announced after, so that the partition's clock moves on while it
    /// is quiet.</summary>
    public void Confirm(PartitionPosition position)
    {
        lock (_gate)
        {
            if (
                _isFollowing
                && _position.Epoch == position.Epoch
                && _position.Offset == position.Offset
                && position.Clock > _position.Clock
            )
            {
                MoveTo(position);
            }
        }
    }

    /// <summary>Takes over a listing of what is tracked and follows from there. True when the data is of another epoch
    /// than what was held.</summary>
    public bool Relist(IReadOnlyList<SubjectId> subjects, PartitionSnapshot listing, long staleBefore)
    {
        lock (_gate)
        {
            if (listing.Position.Epoch < _position.Epoch)
            {
                return false;
            }

            var isOtherEpoch = _position.Epoch is not 0 && listing.Position.Epoch != _position.Epoch;
            if (
                listing.Position.Epoch != _position.Epoch
                || listing.Position.Offset >= _position.Offset
                || !_isFollowing
            )
            {
                MoveTo(listing.Position);
            }

            _isFollowing = true;
            _isLost = false;
            DropUntracked();
            Take(subjects, listing, staleBefore);

            // What was tracked while the listing was on its way is not in it: a change that was lost before the
            // position would stay so.
            foreach (var (_, slot) in _slots.ExceptBy(subjects, slot => slot.Key))
            {
                slot.IsUnlisted = true;
            }

            return isOtherEpoch;
        }
    }

    /// <summary>Takes over a reading of some subjects. What is not tracked is left out.</summary>
    public void TakeReading(IReadOnlyList<SubjectId> subjects, PartitionSnapshot reading, long staleBefore)
    {
        lock (_gate)
        {
            TakeReading(subjects, reading, staleBefore, answersCalls: false);
        }
    }

    /// <summary>
    /// Takes over a reading that answers calls of clients, and returns what is held after it; what is not tracked, as
    /// it was read. The first entry of a subject is not reported: each of its watchers is still waiting for the answer
    /// of its own call, which brings it.
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
            var answers = new StoredEntry[subjects.Count];
            for (var i = 0; i < answers.Length; i++)
            {
                answers[i] = _slots.GetValueOrDefault(subjects[i])?.Entry
                    ?? reading.Entries[i]
                    ?? StoredEntry.NeverObserved(subjects[i], reading.Position.Epoch);
            }

            return answers;
        }
    }

    /// <summary>What has to be read: what a listing left out, and live entries whose last confirmation, as far as was
    /// told here, is too old or too late.</summary>
    /// <param name="staleBefore">Entries confirmed before this time (µs) are too old.</param>
    /// <param name="aheadOf">Entries confirmed after this time (µs) are ahead of the store, whose clock has stepped
    /// back.</param>
    public IReadOnlyList<SubjectId> DueForReading(long staleBefore, long aheadOf = long.MaxValue)
    {
        lock (_gate)
        {
            return [.. _slots.Where(slot => slot.Value.IsDue(staleBefore, aheadOf)).Select(slot => slot.Key)];
        }
    }

    /// <summary>Something may have been missed; what is held is still believed until the next listing.</summary>
    public void MarkOutOfSync()
    {
        lock (_gate)
        {
            _isFollowing = false;
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
    )
    {
        var hasReached =
            (reading.Position.Epoch, reading.Position.Offset).CompareTo((_position.Epoch, _position.Offset)) >= 0;
        var entries = new List<StoredEntry>(subjects.Count);
        for (var i = 0; i < subjects.Count; i++)
        {
            if (_slots.TryGetValue(subjects[i], out var read))
            {
                read.ReadAt = _now;
                read.IsUnlisted &= !hasReached;
            }

            if (reading.Entries[i] is { } entry)
            {
                entries.Add(entry.IsKnown && entry.ObservedAt < staleBefore ? entry with { IsStale = true } : entry);
            }
            else if (read?.Entry is { IsKnown: true } lost)
            {
                if ((lost.Epoch, lost.Revision).CompareTo((reading.Position.Epoch, reading.Position.Clock)) > 0)
                {
                    // Written after the reading, whose answer took longer than the message.
                    continue;
                }

                // The store lost it or let it expire. That says nothing about the person: the last view stays, marked.
                entries.Add(lost.MarkedAsLost(reading.Position.Epoch));
            }
            else
            {
                entries.Add(StoredEntry.NeverObserved(subjects[i], reading.Position.Epoch));
            }
        }

        Merge(entries, answersCalls, isCurrent: hasReached);
    }

    private void MoveTo(PartitionPosition position)
    {
        _position = position;
        Volatile.Write(ref _epoch, position.Epoch);
    }

    /// <param name="isCurrent">
    /// Read from the store, with no change seen after. Then a confirmation earlier than the held one is right too: the
    /// held one is of before the store's clock stepped back.
    /// </param>
    private void Merge(IReadOnlyList<StoredEntry> entries, bool answersCalls = false, bool isCurrent = false)
    {
        var news = new List<StoredEntry>();
        foreach (var entry in entries)
        {
            if (
                !_slots.TryGetValue(entry.Subject, out var slot)
                || (
                    slot.Entry is { } held
                    && (isCurrent ? entry.IsOfAnOlderRevisionThan(held) : entry.IsOlderThan(held))
                )
            )
            {
                continue;
            }

            var isNews = (slot.IsLoaded || !answersCalls) && slot.Entry?.SaysTheSameAs(entry) is not true;
            slot.IsLoaded = true;
            if (slot.Entry != entry)
            {
                // An equal one stays: what was written of it is good.
                slot.Entry = entry;
            }

            if (isNews)
            {
                news.Add(entry);
            }
        }

        Report(news);
    }

    private void Report(List<StoredEntry> entries)
    {
        if (entries.Count > 0)
        {
            changed(entries);
        }
    }
}
