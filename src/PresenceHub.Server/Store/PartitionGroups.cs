using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>Subjects grouped by partition, so that each partition is locked or asked once.</summary>
internal readonly struct PartitionGroups
{
    private readonly SubjectId[] _subjects;
    private readonly int[] _indexes;
    private readonly int[] _starts;

    public PartitionGroups(IReadOnlyList<SubjectId> subjects, StoreKeys keys)
    {
        const int MaxOnStack = 512;
        var partitionOf = subjects.Count <= MaxOnStack ? stackalloc int[subjects.Count] : new int[subjects.Count];
        _starts = new int[keys.Partitions + 1];
        for (var i = 0; i < subjects.Count; i++)
        {
            partitionOf[i] = keys.PartitionOf(subjects[i]);
            _starts[partitionOf[i] + 1]++;
        }

        for (var partition = 0; partition < keys.Partitions; partition++)
        {
            _starts[partition + 1] += _starts[partition];
        }

        // While a group is filled, its start advances to its end, which is the start of the next group.
        _subjects = new SubjectId[subjects.Count];
        _indexes = new int[subjects.Count];
        for (var i = 0; i < subjects.Count; i++)
        {
            var place = _starts[partitionOf[i]]++;
            (_subjects[place], _indexes[place]) = (subjects[i], i);
        }

        Array.Copy(_starts, 0, _starts, 1, keys.Partitions);
        _starts[0] = 0;
    }

    /// <summary>All subjects, partition by partition.</summary>
    public ReadOnlySpan<SubjectId> Subjects => _subjects;

    /// <summary>The index of each of <see cref="Subjects"/> in the original list.</summary>
    public ReadOnlySpan<int> Indexes => _indexes;

    /// <summary>The range of <see cref="Subjects"/> that belongs to a partition.</summary>
    public Range this[int partition] => _starts[partition].._starts[partition + 1];
}
