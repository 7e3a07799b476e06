namespace PresenceHub.Server.WatchLists;

/// <summary>
/// A token bucket that can also be charged for tokens taken on other nodes. The limiters of the framework can neither
/// return tokens nor go into debt.
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

    /// <param name="perSecond">Tokens that are added per second.</param>
    /// <param name="capacity">Tokens that can be taken at once.</param>
    /// <param name="time">The clock.</param>
    public RateBucket(double perSecond, double capacity, TimeProvider time)
    {
        (_perSecond, _capacity, _time) = (perSecond, capacity, time);
        (_tokens, _at) = (capacity, time.GetTimestamp());
    }

    /// <summary>The tokens taken on this node so far, without those returned.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>The tokens taken on this node that were not added again yet. Charges for other nodes do not
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

    /// <summary>Whether so little is in use that other nodes need not know.</summary>
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

    /// <summary>Whether no tokens are in use.</summary>
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

    /// <param name="tokens">The number of tokens; more than the capacity count as the capacity. Taking none always
    /// succeeds.</param>
    /// <param name="retryAfter">How long until the tokens are there, unless they are taken meanwhile.</param>
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

    /// <summary>Returns tokens that were taken and not used.</summary>
    public void Return(int tokens)
    {
        lock (_gate)
        {
            _tokens = Math.Min(_capacity, _tokens + tokens);
            _inUse = Math.Max(0, _inUse - tokens);
            Interlocked.Add(ref _taken, -tokens);
        }
    }

    /// <summary>Raises the rate and the capacity.</summary>
    public void Raise(double perSecond, double capacity)
    {
        lock (_gate)
        {
            Refill();
            _tokens += capacity - _capacity;
            (_perSecond, _capacity) = (perSecond, capacity);
        }
    }

    /// <summary>Charges for tokens taken on other nodes. The debt is at most one capacity.</summary>
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
