namespace PresenceHub.Fleet.Driving;

/// <summary>
/// When each driven change was meant to happen, by person and number. Written by the driver alone and read by all
/// receive loops.
/// It grows by eight bytes a change for the length of the run.
/// </summary>
internal sealed class ChangeLog(int subjects)
{
    private const int FirstCapacity = 4;

    private readonly long[]?[] _intended = new long[]?[subjects];
    private readonly int[] _counts = new int[subjects];

    /// <summary>Changes made so far.</summary>
    public long Total { get; private set; }

    /// <summary>The time the last change was meant to happen.</summary>
    public long LastIntended { get; private set; }

    /// <summary>Records a change before it is made, and returns its number.</summary>
    public int Add(int subject, long intended)
    {
        var ordinal = _counts[subject];
        var times = _intended[subject] ?? new long[FirstCapacity];
        if (ordinal == times.Length)
        {
            Array.Resize(ref times, 2 * ordinal);
        }

        times[ordinal] = intended;
        Volatile.Write(ref _intended[subject], times);
        Volatile.Write(ref _counts[subject], ordinal + 1);
        Total++;
        LastIntended = intended;
        return ordinal;
    }

    /// <summary>The number of the person's last change; -1 when there was none.</summary>
    public int LastOf(int subject) => Volatile.Read(ref _counts[subject]) - 1;

    /// <summary>When a change was meant to happen; null for a number that was not given out.</summary>
    public long? IntendedOf(int subject, int ordinal) =>
        ordinal >= 0 && ordinal < Volatile.Read(ref _counts[subject])
            ? Volatile.Read(ref _intended[subject])![ordinal]
            : null;
}
