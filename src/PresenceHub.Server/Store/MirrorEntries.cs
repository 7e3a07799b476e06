using System.Runtime.InteropServices;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>
/// The entries that a <see cref="MirrorPartition"/> holds for its tracked subjects. An entry replaces another only in
/// the order of the store. Not thread-safe: the partition locks it.
/// </summary>
internal sealed class MirrorEntries
{
    private readonly Dictionary<SubjectId, MirrorSlot> _slots = [];
    private bool _keepsUntracked;
    private int _now;

    public IReadOnlyList<SubjectId> Subjects => [.. _slots.Keys];

    /// <summary>The entry held for a subject; null where none is.</summary>
    public StoredEntry? Find(SubjectId subject) => _slots.GetValueOrDefault(subject)?.Entry;

    public void Track(ReadOnlySpan<SubjectId> subjects)
    {
        foreach (var subject in subjects)
        {
            ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, subject, out _);
            slot ??= new MirrorSlot();
            slot.Trackers++;
        }
    }

    public void Untrack(ReadOnlySpan<SubjectId> subjects)
    {
        foreach (var subject in subjects)
        {
            if (_slots.TryGetValue(subject, out var slot) && --slot.Trackers is 0 && !slot.IsKept)
            {
                _slots.Remove(subject);
            }
        }
    }

    /// <summary>Fills in the held entries of the subjects; other places keep their content.</summary>
    public void FillIn(ReadOnlySpan<SubjectId> subjects, Span<StoredEntry?> entries)
    {
        for (var i = 0; i < subjects.Length; i++)
        {
            entries[i] = Find(subjects[i]) ?? entries[i];
        }
    }

    /// <summary>Fills in that nothing is known about the subjects without an entry. A caller is told so.</summary>
    public void FillInUnknown(ReadOnlySpan<SubjectId> subjects, Span<StoredEntry?> entries, long epoch)
    {
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i] is not null)
            {
                continue;
            }

            var slot = _slots.GetValueOrDefault(subjects[i]);
            entries[i] = slot?.Entry ?? StoredEntry.NeverObserved(subjects[i], epoch);

            // The caller has its answer, so the first entry is news to it, even if the call of another client reads it.
            slot?.IsLoaded = true;
        }
    }

    /// <summary>Takes the entries of a reading, and returns those that are news to watchers.</summary>
    /// <param name="subjects">The subjects that were read. Those without a slot are skipped.</param>
    /// <param name="reading">The answer of the store.</param>
    /// <param name="staleBefore">Entries confirmed before this time (µs) are stale.</param>
    /// <param name="hasReached">Whether the reading includes every change that was announced to this node.</param>
    /// <param name="answersCalls">Whether the reading answers calls of clients, see
    /// <see cref="MirrorPartition.Answer"/>.</param>
    public List<StoredEntry> Take(
        IReadOnlyList<SubjectId> subjects,
        PartitionSnapshot reading,
        long staleBefore,
        bool hasReached,
        bool answersCalls
    )
    {
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

                // The store lost the entry or let it expire. That says nothing about the subject: the last entry stays,
                // marked as stale.
                entries.Add(lost.MarkedAsLost(reading.Position.Epoch));
            }
            else
            {
                entries.Add(StoredEntry.NeverObserved(subjects[i], reading.Position.Epoch));
            }
        }

        return Merge(entries, answersCalls, isCurrent: hasReached);
    }

    /// <summary>The entries held after a reading; for subjects without a slot, those of the reading.</summary>
    public IReadOnlyList<StoredEntry> Answer(IReadOnlyList<SubjectId> subjects, PartitionSnapshot reading)
    {
        var answers = new StoredEntry[subjects.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = Find(subjects[i])
                ?? reading.Entries[i]
                ?? StoredEntry.NeverObserved(subjects[i], reading.Position.Epoch);
        }

        return answers;
    }

    /// <summary>Takes entries that are not older than the held ones, and returns those that are news to
    /// watchers.</summary>
    /// <param name="entries">Entries of any age. Those of subjects without a slot are skipped.</param>
    /// <param name="answersCalls">Whether the entries answer calls of clients, see
    /// <see cref="MirrorPartition.Answer"/>.</param>
    /// <param name="isCurrent">
    /// Whether the entries were read from the store and no change was announced since. A confirmation earlier than the
    /// held one is right then too: the held one is from before the store's clock stepped back.
    /// </param>
    public List<StoredEntry> Merge(
        IReadOnlyList<StoredEntry> entries,
        bool answersCalls = false,
        bool isCurrent = false
    )
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
                // An equal entry stays, because its serialized form can be used again.
                slot.Entry = entry;
            }

            if (isNews)
            {
                news.Add(entry);
            }
        }

        return news;
    }

    /// <summary>Drops those of the entries that are still held, so that any entry replaces them, and returns how many
    /// they are.</summary>
    public int Drop(IReadOnlyList<StoredEntry> entries)
    {
        var dropped = 0;
        foreach (var entry in entries)
        {
            if (_slots.GetValueOrDefault(entry.Subject) is { } slot && ReferenceEquals(slot.Entry, entry))
            {
                slot.Entry = null;
                dropped++;
            }
        }

        return dropped;
    }

    /// <summary>
    /// Marks all entries as stale, and returns those that were live. The entries stay without trackers until
    /// <see cref="DropUntracked"/>: a client that reconnects gets what was held before, since the store cannot answer.
    /// </summary>
    public List<StoredEntry> MarkAllStale()
    {
        _keepsUntracked = true;
        var stale = new List<StoredEntry>();
        foreach (var slot in _slots.Values)
        {
            slot.IsKept = slot.Entry is not null;
            if (slot.Entry is { IsLive: true })
            {
                slot.Entry = slot.Entry with { IsStale = true };
                stale.Add(slot.Entry);
            }
        }

        return stale;
    }

    public void DropUntracked()
    {
        if (!_keepsUntracked)
        {
            return;
        }

        _keepsUntracked = false;
        foreach (var slot in _slots.Values)
        {
            slot.IsKept = false;
        }

        foreach (var (subject, _) in _slots.Where(slot => slot.Value.Trackers is 0))
        {
            _slots.Remove(subject);
        }
    }

    /// <summary>Marks the subjects that a listing left out.</summary>
    public void MarkUnlistedExcept(IReadOnlyList<SubjectId> listed)
    {
        foreach (var (_, slot) in _slots.ExceptBy(listed, slot => slot.Key))
        {
            slot.IsUnlisted = true;
        }
    }

    /// <inheritdoc cref="MirrorPartition.DueForReading"/>
    public IReadOnlyList<SubjectId> DueForReading(long staleBefore, long aheadOf) =>
        [.. _slots.Where(slot => slot.Value.IsDue(staleBefore, aheadOf)).Select(slot => slot.Key)];

    /// <summary>Adds the subjects whose last reading is at least as old as <paramref name="ageOf"/> says.</summary>
    /// <param name="now">The time (ticks). Later readings are stamped with it.</param>
    /// <param name="ageOf">An age (ticks) for each subject.</param>
    /// <param name="found">The list to add to.</param>
    public void FindReadBefore(int now, Func<SubjectId, int> ageOf, List<SubjectId> found)
    {
        _now = now;
        foreach (var (subject, slot) in _slots)
        {
            if (now - slot.ReadAt >= ageOf(subject))
            {
                found.Add(subject);
            }
        }
    }
}
