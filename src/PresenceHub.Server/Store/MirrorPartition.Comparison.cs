using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

internal sealed partial class MirrorPartition
{
    private int _now;

    /// <summary>Lists the subjects whose last reading is long ago; none while the partition does not follow.</summary>
    /// <param name="now">The time (ticks). Readings count as of the last time given here.</param>
    /// <param name="due">The list, whose earlier content is dropped.</param>
    public void FindDueForComparison(int now, List<SubjectId> due)
    {
        due.Clear();
        lock (_gate)
        {
            _now = now;
            foreach (var (subject, slot) in _isFollowing ? _slots : [])
            {
                if (now - slot.ReadAt >= MirrorComparison.AgeOf(subject))
                {
                    due.Add(subject);
                }
            }
        }
    }

    /// <summary>
    /// Takes over a reading of some subjects, whatever is held of them. Returns how many entries were wrong although
    /// every change up to the reading had been seen.
    /// </summary>
    public int Compare(IReadOnlyList<SubjectId> subjects, PartitionSnapshot reading, long staleBefore)
    {
        lock (_gate)
        {
            var wrong = 0;
            for (var i = 0; i < subjects.Count && HasReached(reading.Position); i++)
            {
                if (
                    reading.Entries[i] is { } stored
                    && _slots.TryGetValue(subjects[i], out var slot)
                    && slot.Entry is { } held
                    && IsWrong(held, stored, reading)
                )
                {
                    // Its order would keep the right one out.
                    slot.Entry = null;
                    wrong++;
                }
            }

            TakeReading(subjects, reading, staleBefore);
            return wrong;
        }
    }

    /// <summary>A later revision is right when something was announced after the reading, and impossible when nothing
    /// was.</summary>
    private bool IsWrong(StoredEntry held, StoredEntry stored, PartitionSnapshot reading) =>
        held.Revision < stored.Revision
        || (
            held.Revision == stored.Revision
            && (
                held.Availability != stored.Availability
                || held.Activity != stored.Activity
                || held.Since != stored.Since
            )
        )
        || (held.Revision > stored.Revision && _position.Offset == reading.Position.Offset);
}
