namespace PresenceHub.Server.WatchLists;

/// <summary>
/// A token bucket that can also be charged for what was taken elsewhere. The framework's limiters cannot: they neither
/// give back nor go into debt.
/// </summary>
internal sealed class RateBucket
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private double _perSecond;
    private double _capacity;
    private double _tokens;
    private long _at;
    private double _inUse;
    private long _taken;

    /// <param name="perSecond">Tokens that come back per second.</param>
    /// <param name="capacity">Tokens that can be taken at once.</param>
    /// <param name="time">The clock.</param>
    public RateBucket(double perSecond, double capacity, TimeProvider time)
    {
        (_perSecond, _capacity, _time) = (perSecond, capacity, time);
        (_tokens, _at) = (capacity, time.GetTimestamp());
    }

    /// <summary>All that was taken here so far; what was given back does not count.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>What was taken here and has not come back yet. What was charged for other nodes does not
    /// count.</summary>
    public long InUse
    {
        get
        {
            lock (_gate)
            {
                Refill();
                return (long)Math.Ceiling(_inUse);
            }
        }
    }

    /// <summary>Whether little of it is in use, so that others need not know.</summary>
    public bool IsNearlyFull
    {
        get
        {
            lock (_gate)
            {
                Refill();
                return _tokens >= _capacity * 7 / 8;
            }
        }
    }

    /// <summary>Whether nothing of it is in use.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                Refill();
                return _tokens >= _capacity;
            }
        }
    }

    /// <param name="tokens">How many are wanted; more than the capacity count as the capacity. Taking none succeeds in
    /// debt too.</param>
    /// <param name="retryAfter">When they will be there, unless others take them.</param>
    public bool TryTake(int tokens, out TimeSpan retryAfter)
    {
        lock (_gate)
        {
            Refill();
            var wanted = Math.Min(tokens, _capacity);
            if (wanted > 0 && _tokens < wanted)
            {
                retryAfter = TimeSpan.FromSeconds(Math.Max(0.001, (wanted - _tokens) / _perSecond));
                return false;
            }

            _tokens -= wanted;
            _inUse += wanted;
            Interlocked.Add(ref _taken, (long)wanted);
            retryAfter = TimeSpan.Zero;
            return true;
        }
    }

    /// <summary>Gives back what was taken and turned out not to be needed.</summary>
    public void Return(int tokens)
    {
        lock (_gate)
        {
            _tokens = Math.Min(_capacity, _tokens + tokens);
            _inUse = Math.Max(0, _inUse - tokens);
            Interlocked.Add(ref _taken, -tokens);
        }
    }

    /// <summary>Lets more be taken from now on.</summary>
    public void Raise(double perSecond, double capacity)
    {
        lock (_gate)
        {
            Refill();
            _tokens += capacity - _capacity;
            (_perSecond, _capacity) = (perSecond, capacity);
        }
    }

    /// <summary>Charges what was taken on other nodes. The debt is at most one capacity.</summary>
    public void Charge(long tokens)
    {
        lock (_gate)
        {
            Refill();
            _tokens = Math.Clamp(_tokens - tokens, -_capacity, _capacity);
        }
    }

    private void Refill()
    {
        var now = _time.GetTimestamp();
        var back = _time.GetElapsedTime(_at, now).TotalSeconds * _perSecond;
        _tokens = Math.Min(_capacity, _tokens + back);
        _inUse = Math.Max(0, _inUse - back);
        _at = now;
    }
}
