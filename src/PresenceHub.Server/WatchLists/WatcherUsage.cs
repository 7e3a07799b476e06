namespace PresenceHub.Server.WatchLists;

/// <summary>What a watcher takes of this node, and as far as it is known of the others.</summary>
internal sealed class WatcherUsage
{
    /// <summary>A watcher may reconnect with all its connections this often.</summary>
    private const int SecondsToReconnectAll = 10;

    /// <summary>
    /// For so long the connection that a new one replaces may still be counted: the hub notices after 30 seconds that a
    /// network is gone, and what another node told counts for <see cref="QuotaExchange.Lifetime"/>.
    /// </summary>
    private static readonly TimeSpan ReconnectOverlap = TimeSpan.FromSeconds(40);

    /// <summary>A connection waits for its turn as long as <c>Admission:MaxWait</c> allows, and is then opened at
    /// once.</summary>
    private static readonly TimeSpan NegotiationLifetime = TimeSpan.FromSeconds(45);

    private readonly TimeProvider _time;
    private long _othersAt;
    private int _othersConnections;
    private int _othersWatchedIds;

    // When connections were negotiated that are not open yet. At most twice the connections of the quota, as the bucket
    // grants.
    private readonly Queue<long> _negotiations = new();

    public WatcherUsage(Watcher watcher, QuotaLimits limits, TimeProvider time)
    {
        (Watcher, Limits, _time) = (watcher, limits, time);
        Ids = new RateBucket(limits.IdsPerSecond, limits.IdBurst, time);
        ColdIds = new RateBucket(limits.ColdIdsPerMinute / 60d, limits.ColdIdsPerMinute, time);
        Connects = new RateBucket((double)limits.Connections / SecondsToReconnectAll, 2d * limits.Connections, time);
    }

    public Watcher Watcher { get; }

    /// <summary>The present time as a timestamp.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>Can grow, see <see cref="Raise"/>.</summary>
    public QuotaLimits Limits { get; private set; }

    /// <summary>Ids of calls.</summary>
    public RateBucket Ids { get; }

    /// <summary>Ids of which the hub held nothing.</summary>
    public RateBucket ColdIds { get; }

    /// <summary>Attempts to connect, on this node alone: twice the connections at once, then all of them every ten
    /// seconds.</summary>
    public RateBucket Connects { get; }

    /// <summary>Connections on this node. Belongs to <see cref="WatcherQuotas"/> and is used under its lock.</summary>
    public int Connections { get; set; }

    /// <summary>Ids watched on this node, once per connection. Belongs to the <see cref="InterestIndex"/> and is used
    /// under its lock.</summary>
    public int WatchedIds { get; set; }

    /// <summary>What the other nodes were last told, by node; used by the exchange only.</summary>
    public Dictionary<string, OtherUsage> Others { get; } = new(StringComparer.Ordinal);

    /// <summary>How often it was told to the other nodes; zero while it is not.</summary>
    public long Told { get; set; }

    public bool MayConnect => Connections + OthersOf(_othersConnections) < Limits.Connections;

    /// <summary>Nothing is held and nothing is charged: it can be made again as it is.</summary>
    public bool IsIdle =>
        Connections is 0
        && WatchedIds is 0
        && Told is 0
        && Ids.IsFull
        && ColdIds.IsFull
        && Connects.IsFull
        && !HasNegotiations;

    /// <summary>Whether the other nodes need to know: an eighth of a quota is in use here.</summary>
    public bool IsNoteworthy =>
        Connections > Limits.Connections / 8
        || WatchedIds > Limits.WatchedIds / 8
        || !Ids.IsNearlyFull
        || !ColdIds.IsNearlyFull;

    /// <summary>
    /// A connection is negotiated on this node, and can be opened within <see cref="NegotiationLifetime"/> without
    /// being counted again.
    /// </summary>
    public void AddNegotiation()
    {
        lock (_negotiations)
        {
            _negotiations.Enqueue(_time.GetTimestamp());
            if (_negotiations.Count > 2L * Limits.Connections)
            {
                _negotiations.Dequeue();
            }
        }
    }

    /// <summary>Whether a connection that was negotiated here has not been opened yet, which it is now.</summary>
    public bool TryUseNegotiation()
    {
        lock (_negotiations)
        {
            DropOldNegotiations();
            return _negotiations.TryDequeue(out _);
        }
    }

    /// <summary>How many more ids a connection may watch.</summary>
    /// <param name="openedAt">When it was opened, by <see cref="Now"/>.</param>
    public int FreeWatchedIds(long openedAt)
    {
        var isNew = _time.GetElapsedTime(openedAt) < ReconnectOverlap;
        var most = isNew ? 2L * Limits.WatchedIds : Limits.WatchedIds;
        return (int)Math.Clamp(most - WatchedIds - OthersOf(_othersWatchedIds), 0, int.MaxValue);
    }

    /// <summary>Takes over larger quotas. Smaller ones count when the watcher has been idle.</summary>
    public void Raise(QuotaLimits limits)
    {
        var larger = Limits.Max(limits);
        if (larger == Limits)
        {
            return;
        }

        Limits = larger;
        Ids.Raise(larger.IdsPerSecond, larger.IdBurst);
        ColdIds.Raise(larger.ColdIdsPerMinute / 60d, larger.ColdIdsPerMinute);
        Connects.Raise((double)larger.Connections / SecondsToReconnectAll, 2d * larger.Connections);
    }

    /// <summary>Takes over what the other nodes have told.</summary>
    public void SetOthers(int connections, int watchedIds)
    {
        Volatile.Write(ref _othersConnections, connections);
        Volatile.Write(ref _othersWatchedIds, watchedIds);
        Volatile.Write(ref _othersAt, _time.GetTimestamp());
    }

    private bool HasNegotiations
    {
        get
        {
            lock (_negotiations)
            {
                DropOldNegotiations();
                return _negotiations.Count > 0;
            }
        }
    }

    private void DropOldNegotiations()
    {
        while (_negotiations.TryPeek(out var at) && _time.GetElapsedTime(at) > NegotiationLifetime)
        {
            _negotiations.Dequeue();
        }
    }

    /// <summary>Old figures count as none: without Redis each node grants the quota on its own.</summary>
    private int OthersOf(int figure) =>
        _time.GetElapsedTime(Volatile.Read(ref _othersAt)) <= QuotaExchange.Lifetime ? figure : 0;
}
