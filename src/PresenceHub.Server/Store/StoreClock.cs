namespace PresenceHub.Server.Store;

/// <summary>
/// The store's time as this node knows it, for each partition, since on a cluster each has its own server. The node's
/// clock orders nothing; it only extends the last answer, so that a clock that is minutes off does no harm.
/// </summary>
/// <remarks>
/// There are two times. The server's time tells how old a reading is; it may step back, and the estimate follows. The
/// partition's clock, which gives revisions and cursors, never goes back, and neither does its latest known value.
/// </remarks>
internal sealed class StoreClock(StoreKeys keys, TimeProvider time)
{
    private const long Unknown = long.MinValue;

    /// <summary>The largest difference between two estimates of the same clock. It comes from the time that answers
    /// take.</summary>
    public static readonly long Tolerance = StoreTime.FromTimeSpan(TimeSpan.FromSeconds(1));

    /// <summary>The smallest fall of the estimate that counts as a step of the server's clock, not as drift.</summary>
    private static readonly long SmallestStep = StoreTime.FromTimeSpan(TimeSpan.FromMilliseconds(100));

    private readonly Lock _gate = new();
    private readonly long _startedAt = time.GetTimestamp();
    private readonly long[] _latest = new long[keys.Partitions];
    private readonly long[] _latestEpoch = new long[keys.Partitions];

    /// <summary>The server's time less the time since this node started (µs), by partition, and the greatest of
    /// them.</summary>
    private readonly long[] _offsets = [.. Enumerable.Repeat(Unknown, keys.Partitions)];
    private long _offset = Unknown;

    private readonly int[] _stepsBack = new int[keys.Partitions];

    /// <summary>Whether the store has answered. Before that the time is that of the node, which may be minutes
    /// off.</summary>
    public bool IsSet => Volatile.Read(ref _offset) is not Unknown;

    /// <summary>
    /// The store time now (µs), by the server that is ahead; before the first answer, the time of the node. It falls
    /// when the clock of the server has stepped back.
    /// </summary>
    public long Now =>
        Volatile.Read(ref _offset) is var offset and not Unknown
            ? offset + At(time.GetTimestamp())
            : StoreTime.FromInstant(time.GetUtcNow());

    /// <summary>The node's monotonic clock, for <see cref="Measure"/>.</summary>
    public long Timestamp => time.GetTimestamp();

    /// <summary>The latest clock (µs) seen of a partition; zero before the first.</summary>
    public long LatestOf(int partition) => Volatile.Read(ref _latest[partition]);

    /// <summary>The latest epoch seen of a partition; zero before the first.</summary>
    public long LatestEpochOf(int partition) => Volatile.Read(ref _latestEpoch[partition]);

    /// <summary>The time now (µs) of the server of a partition.</summary>
    public long NowOf(int partition) =>
        Volatile.Read(ref _offsets[partition]) is var offset and not Unknown ? offset + At(time.GetTimestamp()) : Now;

    /// <summary>How many steps back of the clock of a partition's server were seen.</summary>
    public int StepsBackOf(int partition) => Volatile.Read(ref _stepsBack[partition]);

    /// <summary>
    /// Converts a time of <see cref="Now"/> to the time of a partition's server, by its age. A future time becomes now:
    /// it is from before the store's time was known, or before it stepped back.
    /// </summary>
    public long ToTimeOf(int partition, long instant)
    {
        var now = Now;
        var behind = now - NowOf(partition);
        return Math.Min(instant, now) - (behind > Tolerance ? behind : 0);
    }

    /// <summary>Records the epoch and the clock of a partition that the store has answered with, or
    /// announced.</summary>
    public void Advance(int partition, long epoch, long clock)
    {
        lock (_gate)
        {
            if (epoch > _latestEpoch[partition])
            {
                Volatile.Write(ref _latestEpoch[partition], epoch);
            }

            if (clock > _latest[partition])
            {
                Volatile.Write(ref _latest[partition], clock);
            }
        }
    }

    /// <summary>Takes the server's time from an answer that has just arrived.</summary>
    /// <param name="sentAt">When the request was sent, as a timestamp.</param>
    public void Measure(int partition, long serverTime, long sentAt)
    {
        // The server read its clock between these two times. An estimate between them is kept; another one has drifted,
        // or the clock has stepped.
        var earliest = serverTime - At(time.GetTimestamp());
        var latest = serverTime - At(sentAt);
        lock (_gate)
        {
            var held = _offsets[partition];
            var offset = held is Unknown ? earliest : Math.Clamp(held, earliest, latest);
            if (offset != held)
            {
                if (held is not Unknown && offset < held - SmallestStep)
                {
                    Volatile.Write(ref _stepsBack[partition], _stepsBack[partition] + 1);
                }

                Volatile.Write(ref _offsets[partition], offset);
                Volatile.Write(ref _offset, _offsets.Max());
            }
        }
    }

    private long At(long timestamp) => StoreTime.FromTimeSpan(time.GetElapsedTime(_startedAt, timestamp));
}
