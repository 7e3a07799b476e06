namespace PresenceHub.Server.Store;

/// <summary>
/// The store's time as this node knows it. Nodes' own clocks order nothing: they only carry the last time seen forward, so that one
/// that is minutes off does no harm.
/// </summary>
internal sealed class StoreClock(StoreKeys keys, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long[] _latest = new long[keys.Partitions];
    private readonly long[] _latestEpoch = new long[keys.Partitions];
    private long _seenTime;
    private long _seenAt = time.GetTimestamp();

    /// <summary>The latest time (µs) seen of a partition; zero before the first.</summary>
    public long LatestOf(int partition) => Volatile.Read(ref _latest[partition]);

    /// <summary>The latest epoch seen of a partition; zero before the first.</summary>
    public long LatestEpochOf(int partition) => Volatile.Read(ref _latestEpoch[partition]);

    /// <summary>Whether the store has answered yet; before that the time is the node's own and may be minutes off.</summary>
    public bool IsSet
    {
        get
        {
            lock (_gate)
            {
                return _seenTime is not 0;
            }
        }
    }

    /// <summary>Store time now (µs), by the last time seen and the node's monotonic clock; the node's own time before the first.</summary>
    public long Now
    {
        get
        {
            lock (_gate)
            {
                return _seenTime is 0
                    ? StoreTime.FromInstant(time.GetUtcNow())
                    : _seenTime + StoreTime.FromTimeSpan(time.GetElapsedTime(_seenAt));
            }
        }
    }

    /// <summary>Takes note of the epoch and the time that the store has answered with.</summary>
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

            // An answer is on its way for a while: the greatest lower bound is the best estimate.
            if (_seenTime is 0 || clock > _seenTime + StoreTime.FromTimeSpan(time.GetElapsedTime(_seenAt)))
            {
                (_seenTime, _seenAt) = (clock, time.GetTimestamp());
            }
        }
    }
}
