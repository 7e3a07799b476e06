using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>
/// The hub's share of what Graph allows, spent evenly. After a 429 requests cost more (rate halves); the price falls
/// back linearly, so that the hub finds a limit lower than the one it was told.
/// </summary>
internal sealed class GraphBudget : IDisposable
{
    /// <summary>Fine enough to price a request between the full rate and a sixteenth of it.</summary>
    internal const int TokensPerRequest = 1000;

    /// <summary>Requests that may wait; more than the poller and the subscriptions ever have on their way.</summary>
    private const int MaxWaiting = 64;
    private const double LowestRate = 1.0 / 16;

    /// <summary>Of the share of a window, this much may be spent at once; the rest arrives evenly, so that no window
    /// exceeds the share.</summary>
    private const double BurstShare = 0.1;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReplenishmentPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RecoveryTime = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _time;
    private readonly TokenBucketRateLimiter _limiter;
    private readonly int _burst;
    private readonly Lock _gate = new();
    private double _reducedRate = 1;
    private long _reducedAt;

    public GraphBudget(IOptions<GraphOptions> options, TimeProvider time)
    {
        _time = time;
        var requests = options.Value.RequestsPer30Seconds * options.Value.BudgetShare;
        var burst = Math.Max(1, requests * BurstShare);
        var perPeriod = Math.Max(requests - burst, requests / 2) * (ReplenishmentPeriod / Window);
        _burst = (int)(burst * TokensPerRequest);
        _limiter = new TokenBucketRateLimiter(
            new TokenBucketRateLimiterOptions
            {
                TokenLimit = _burst,
                TokensPerPeriod = Math.Max(1, (int)(perPeriod * TokensPerRequest)),
                ReplenishmentPeriod = ReplenishmentPeriod,
                QueueLimit = (int)Math.Min(int.MaxValue, (long)_burst * MaxWaiting),
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            }
        );
    }

    /// <summary>Part of the full rate that is in force, up to 1.</summary>
    public double Rate
    {
        get
        {
            lock (_gate)
            {
                return Math.Min(1, _reducedRate + (_time.GetElapsedTime(_reducedAt) / RecoveryTime));
            }
        }
    }

    /// <summary>Waits until the budget allows a request.</summary>
    /// <exception cref="GraphThrottledException">Too many wait already.</exception>
    public async ValueTask SpendAsync(CancellationToken cancellationToken)
    {
        using var lease = await _limiter.AcquireAsync(Price, cancellationToken);
        if (!lease.IsAcquired)
        {
            throw new GraphThrottledException(
                lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : ReplenishmentPeriod
            );
        }
    }

    /// <summary>False when a request would have to wait.</summary>
    internal bool TrySpend()
    {
        using var lease = _limiter.AttemptAcquire(Price);
        return lease.IsAcquired;
    }

    public void Reduce()
    {
        var rate = Math.Max(LowestRate, Rate / 2);
        lock (_gate)
        {
            (_reducedRate, _reducedAt) = (rate, _time.GetTimestamp());
        }
    }

    public void Dispose() => _limiter.Dispose();

    private int Price => (int)Math.Min(_burst, TokensPerRequest / Rate);
}
