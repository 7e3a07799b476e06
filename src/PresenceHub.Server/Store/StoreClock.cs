namespace PresenceHub.Server.Store;

/// <summary>
/// The store's time as this node knows it, of each partition: on a cluster they are on servers of their own. The node's
/// own clock orders nothing, it only carries the last answer forward, so that one that is minutes off does no harm.
/// </summary>
/// <remarks>
/// Two times are kept apart. The server's own time tells how old a reading is; it may step back, and the estimate
/// follows. The partition's clock, of which revisions and cursors are made, never goes back, and neither does what is
/// remembered of it.
/// </remarks>
internal sealed class StoreClock(StoreKeys keys, TimeProvider time)
{
    private const long Unknown = long.MinValue;

    /// <summary>Times that differ by no more are those of one server: what remains is the time that answers
    /// take.</summary>
    public static readonly long Tolerance = StoreTime.FromTimeSpan(TimeSpan.FromSeconds(1));

    /// <summary>A fall of the estimate by more is a step of the server's clock; what is less is drift.</summary>
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

    /// <summary>Whether the store has answered yet; before that the time is the node's own and may be minutes
    /// off.</summary>
    public bool IsSet => Volatile.Read(ref _offset) is not Unknown;

    /// <summary>
    /// Store time now (µs), of the server that is ahead; the node's own time before the first answer. It falls when the
    /// server's clock has stepped back.
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

    /// <summary>How often the clock of a partition's server was seen to step back.</summary>
    public int StepsBackOf(int partition) => Volatile.Read(ref _stepsBack[partition]);

    /// <summary>
    /// Converts a time that <see cref="Now"/> gave to the time of a partition's server, by its age. What lies ahead
    /// becomes now: it was taken before the store's time was known, or before it stepped back.
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
        // The server looked at its clock between the two. An estimate that fits is kept; one that does not has drifted,
        // or the clock stepped.
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
