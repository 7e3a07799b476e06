using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.WatchLists;

/// <summary>Asks the policy again about all watched subjects: when the policy reports a change, and once per
/// period.</summary>
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

    /// <summary>Reviews every list once, and revokes the subjects that are no longer allowed.</summary>
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
                // A policy that cannot answer denies nothing new. The next review asks it again.
                logger.ReviewFailed(exception);
            }
        }

        if (revoked > 0)
        {
            logger.Revoked(revoked);
        }

        // Also writes the revocations of reviews by calls.
        revocations.Write();
    }

    private void Wake() => _signal.Set();
}
