namespace PresenceHub.Server.WatchLists;

/// <summary>The usage of a watcher on this node, and its known usage on other nodes.</summary>
internal sealed class WatcherUsage
{
    /// <summary>How often a watcher may reconnect with all its connections.</summary>
    private const int SecondsToReconnectAll = 10;

    /// <summary>
    /// How long a connection may still be counted after a new one has replaced it: the hub notices a lost network after
    /// 30 seconds, and the report of another node counts for <see cref="QuotaExchange.Lifetime"/>.
    /// </summary>
    private static readonly TimeSpan ReconnectOverlap = TimeSpan.FromSeconds(40);

    /// <summary>How long a negotiation counts: a connection waits for at most <c>Admission:MaxWait</c>, and the client
    /// opens it at once.</summary>
    private static readonly TimeSpan NegotiationLifetime = TimeSpan.FromSeconds(45);

    private readonly TimeProvider _time;
    private long _othersAt;
    private int _othersConnections;
    private int _othersWatchedIds;

    // The times of negotiations whose connections are not open yet. At most twice the connections of the quota, as
    // Connects grants.
    private readonly Queue<long> _negotiations = new();

    public WatcherUsage(Watcher watcher, QuotaLimits limits, TimeProvider time)
    {
        (Watcher, Limits, _time) = (watcher, limits, time);
        Ids = new RateBucket(limits.IdsPerSecond, limits.IdBurst, time);
        ColdIds = new RateBucket(limits.ColdIdsPerMinute / 60d, limits.ColdIdsPerMinute, time);
        Connects = new RateBucket((double)limits.Connections / SecondsToReconnectAll, 2d * limits.Connections, time);
        PeopleRequests = new RateBucket(limits.PeopleRequestsPerMinute / 60d, limits.PeopleRequestsPerMinute, time);
    }

    public Watcher Watcher { get; }

    /// <summary>The current timestamp.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>The quotas of the watcher. They can grow, see <see cref="Raise"/>.</summary>
    public QuotaLimits Limits { get; private set; }

    /// <summary>Ids of calls.</summary>
    public RateBucket Ids { get; }

    /// <summary>Ids of calls that the hub held nothing for.</summary>
    public RateBucket ColdIds { get; }

    /// <summary>Attempts to connect, on this node alone: twice the connections at once, then all of them every ten
    /// seconds.</summary>
    public RateBucket Connects { get; }

    /// <summary>Requests to Graph for people and photos, on this node alone.</summary>
    public RateBucket PeopleRequests { get; }

    /// <summary>Current connections on this node. Belongs to <see cref="WatcherQuotas"/> and is used under its
    /// lock.</summary>
    public int Connections { get; set; }

    /// <summary>
    /// Ids that are watched on this node now, counted once per connection: the usage of the quota
    /// <see cref="QuotaLimits.WatchedIds"/>. Belongs to the <see cref="InterestIndex"/> and is used under its lock.
    /// </summary>
    public int WatchedIds { get; set; }

    /// <summary>The last reports of the other nodes, by node. Only the exchange uses it.</summary>
    public Dictionary<string, OtherUsage> Others { get; } = new(StringComparer.Ordinal);

    /// <summary>The number of reports to the other nodes; zero while there are none.</summary>
    public long Told { get; set; }

    public bool MayConnect => Connections + OthersOf(_othersConnections) < Limits.Connections;

    /// <summary>Whether nothing is in use, so that the object can be dropped.</summary>
    public bool IsIdle =>
        Connections is 0
        && WatchedIds is 0
        && Told is 0
        && Ids.IsFull
        && ColdIds.IsFull
        && Connects.IsFull
        && PeopleRequests.IsFull
        && !HasNegotiations;

    /// <summary>Whether the usage is reported to other nodes: an eighth of a quota is in use on this node.</summary>
    public bool IsNoteworthy =>
        Connections > Limits.Connections / 8
        || WatchedIds > Limits.WatchedIds / 8
        || !Ids.IsNearlyFull
        || !ColdIds.IsNearlyFull;

    /// <summary>
    /// Records a negotiation on this node. Its connection can be opened within <see cref="NegotiationLifetime"/>
    /// without being counted again.
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

    /// <summary>Uses a negotiation of this node whose connection is not open yet. False when there is none.</summary>
    public bool TryUseNegotiation()
    {
        lock (_negotiations)
        {
            DropOldNegotiations();
            return _negotiations.TryDequeue(out _);
        }
    }

    /// <summary>The number of ids that a connection may watch in addition.</summary>
    /// <param name="openedAt">The <see cref="Now"/> when the connection was opened.</param>
    public int FreeWatchedIds(long openedAt)
    {
        var isNew = _time.GetElapsedTime(openedAt) < ReconnectOverlap;
        var most = isNew ? 2L * Limits.WatchedIds : Limits.WatchedIds;
        return (int)Math.Clamp(most - WatchedIds - OthersOf(_othersWatchedIds), 0, int.MaxValue);
    }

    /// <summary>Takes larger quotas. Smaller ones apply after the watcher was idle.</summary>
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
        PeopleRequests.Raise(larger.PeopleRequestsPerMinute / 60d, larger.PeopleRequestsPerMinute);
    }

    /// <summary>Charges for requests to Graph for people. What is not answered is returned when the charge is
    /// disposed.</summary>
    /// <exception cref="QuotaExceededException">The watcher has used its quota.</exception>
    public PeopleCharge ChargePeopleRequests(int requests) =>
        PeopleRequests.TryTake(requests, out var retryAfter)
            ? new PeopleCharge(PeopleRequests, requests)
            : throw QuotaExceededException.PeopleRequests(Limits.PeopleRequestsPerMinute, retryAfter);

    /// <summary>Takes the usage on the other nodes.</summary>
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

    /// <summary>The usage on other nodes; zero if it is old. Without Redis each node grants the quota on its
    /// own.</summary>
    private int OthersOf(int figure) =>
        _time.GetElapsedTime(Volatile.Read(ref _othersAt)) <= QuotaExchange.Lifetime ? figure : 0;
}
