using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>Limits the calls of a connection; over HTTP, those of a watcher. The rate limiting of ASP.NET Core does not
/// see hub calls.</summary>
internal sealed class CallRateLimit(IOptions<WatchListOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(caller =>
        RateLimitPartition.GetTokenBucketLimiter(caller, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Value.CallBurst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1) / options.Value.CallsPerSecond,
            QueueLimit = 0,
            AutoReplenishment = false,
        })
    );

    public int CallsPerSecond => options.Value.CallsPerSecond;

    public int MaxIdsPerCall => options.Value.MaxIdsPerCall;

    /// <summary>How long until a refused caller can call again.</summary>
    public TimeSpan RetryAfter => TimeSpan.FromSeconds(1) / CallsPerSecond;

    public bool TryTake(string caller)
    {
        using var lease = _limiter.AttemptAcquire(caller);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
