using System.Threading.RateLimiting;

namespace PresenceHub.Server.Hubs;

/// <summary>A token bucket with a bounded queue that is served in the order of arrival.</summary>
internal sealed class AdmissionGate : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromSeconds(1);

    private readonly TokenBucketRateLimiter _limiter;
    private readonly int _perSecond;
    private readonly int _places;
    private long _refused;

    public AdmissionGate(int perSecond, int burst, TimeSpan maxWait)
    {
        // The bucket adds whole tokens: a low rate gets a longer period.
        var periods = Math.Clamp(perSecond, 1, (int)(TimeSpan.FromSeconds(1) / Period));
        _perSecond = perSecond;
        _places = (int)Math.Min(int.MaxValue, perSecond * maxWait.TotalSeconds);
        _limiter = new TokenBucketRateLimiter(
            new TokenBucketRateLimiterOptions
            {
                TokenLimit = burst,
                TokensPerPeriod = Math.Max(1, perSecond / periods),
                ReplenishmentPeriod = TimeSpan.FromSeconds(1) / periods,
                QueueLimit = _places,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
                AutoReplenishment = true,
            }
        );
    }

    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>The number of waiting tokens.</summary>
    public long Waiting => _limiter.GetStatistics()?.CurrentQueuedCount ?? 0;

    /// <summary>Waits for tokens. Null when they are granted; otherwise how long the caller should wait before it
    /// retries.</summary>
    public async ValueTask<TimeSpan?> EnterAsync(int tokens, CancellationToken cancellationToken)
    {
        using var lease = await _limiter.AcquireAsync(tokens, cancellationToken);
        if (lease.IsAcquired)
        {
            return null;
        }

        return Refuse();
    }

    /// <summary>Refuses a caller if no token and no place in the queue is left; otherwise null. Takes no
    /// token.</summary>
    public TimeSpan? RefuseWhenFull() =>
        _limiter.GetStatistics() is { CurrentAvailablePermits: 0 } now && now.CurrentQueuedCount >= _places
            ? Refuse()
            : null;

    public void Dispose() => _limiter.Dispose();

    private TimeSpan Refuse()
    {
        Interlocked.Increment(ref _refused);
        var untilServed = TimeSpan.FromSeconds((double)Waiting / _perSecond);
        return untilServed > ShortestRetry ? untilServed : ShortestRetry;
    }
}
