using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.WatchLists;

/// <summary>Asks the policy again about everything that is watched: when it says that it has changed, and once a period
/// in any case.</summary>
internal sealed class PolicyReview(
    ConnectionWatchLists lists,
    WatchPolicies policies,
    Revocations revocations,
    IOptions<WatchPolicyOptions> options,
    TimeProvider time,
    ILogger<PolicyReview> logger
) : BackgroundService
{
    private readonly WorkSignal _signal = new();

    private ITimer? _timer;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        policies.Changed += Wake;
        lists.Revoked += revocations.Add;
        _timer = time.CreateTimer(_ => Wake(), null, options.Value.ReviewPeriod, options.Value.ReviewPeriod);
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        policies.Changed -= Wake;
        lists.Revoked -= revocations.Add;
        _timer?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _signal.WaitAsync(stoppingToken);
            await ReviewOnceAsync(stoppingToken);
        }
    }

    /// <summary>One review of every list; what is no longer allowed is revoked.</summary>
    internal async Task ReviewOnceAsync(CancellationToken stoppingToken)
    {
        var revoked = 0;
        foreach (var list in lists.All)
        {
            try
            {
                revoked += (await lists.ReviewAsync(list, stoppingToken)).Count;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A policy that cannot answer has denied nothing; the next review asks it again.
                logger.ReviewFailed(exception);
            }
        }

        if (revoked > 0)
        {
            logger.Revoked(revoked);
        }

        // Calls review lists too.
        revocations.Write();
    }

    private void Wake() => _signal.Set();
}
