using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>
/// Compares the entries of one partition with the store: decides which subjects are due, and replaces entries that are
/// wrong although no change is missing.
/// </summary>
internal sealed class PartitionComparison(MirrorPartition partition)
{
    /// <summary>The period of comparison, in ticks. The subjects that are due are read once per tick.</summary>
    public const int Ticks = 60;

    /// <summary>
    /// A subject is read at an age (ticks) that its id selects, so that subjects that were listed together are not
    /// compared together. The longest age leaves one tick to find the subject and one to read it.
    /// </summary>
    private const int ShortestAge = 40,
        LongestAge = Ticks - 2;

    /// <summary>The age of a reading (ticks) at which the subject is compared.</summary>
    public static int AgeOf(SubjectId subject) =>
        ShortestAge + (int)((uint)subject.GetHashCode() % (LongestAge - ShortestAge + 1));

    /// <summary>Lists the subjects that are due; none while the partition does not follow.</summary>
    /// <param name="now">The time (ticks).</param>
    /// <param name="due">The list, whose earlier content is dropped.</param>
    public void FindDue(int now, List<SubjectId> due)
    {
        due.Clear();
        partition.FindReadBefore(now, AgeOf, due);
        if (!partition.IsFollowing)
        {
            // The partition is going to be listed again.
            due.Clear();
        }
    }

    /// <summary>
    /// Takes a reading of some subjects, and returns how many held entries it has replaced although this node had seen
    /// every change up to the reading.
    /// </summary>
    public int Correct(IReadOnlyList<SubjectId> subjects, PartitionSnapshot reading, long staleBefore)
    {
        var (wrong, asOf) = FindWrong([.. subjects], reading);

        // By its order a wrong entry would keep the right one out. If the partition has moved on, or a read has
        // replaced the entry meanwhile, the next comparison decides.
        var corrected = wrong.Count > 0 ? partition.Drop(wrong, asOf) : 0;
        partition.TakeReading(subjects, reading, staleBefore);
        return corrected;
    }

    private (List<StoredEntry> Wrong, PartitionPosition AsOf) FindWrong(SubjectId[] subjects, PartitionSnapshot reading)
    {
        var wrong = new List<StoredEntry>();
        var held = new StoredEntry?[subjects.Length];
        var isFollowing = partition.FillIn(subjects, held, out var position);
        if (isFollowing && position.Epoch == reading.Position.Epoch && position.Offset >= reading.Position.Offset)
        {
            var isUnchanged = position.Offset == reading.Position.Offset;
            for (var i = 0; i < subjects.Length; i++)
            {
                // A read that is ahead of the partition may hold a change whose message is on its way.
                var isWithin = isUnchanged && held[i]?.Revision <= reading.Position.Clock;
                if (held[i] is { } entry && reading.Entries[i] is { } stored && IsWrong(entry, stored, isWithin))
                {
                    wrong.Add(entry);
                }
            }
        }

        return (wrong, position);
    }

    /// <param name="held">The entry of this node.</param>
    /// <param name="stored">The entry of the store.</param>
    /// <param name="isWithin">Whether the held entry is not from after the reading. A later revision is impossible
    /// then.</param>
    private static bool IsWrong(StoredEntry held, StoredEntry stored, bool isWithin) =>
        held.Revision < stored.Revision
        || (
            held.Revision == stored.Revision
            && (
                held.Availability != stored.Availability
                || held.Activity != stored.Activity
                || held.Since != stored.Since
            )
        )
        || (held.Revision > stored.Revision && isWithin);
}
