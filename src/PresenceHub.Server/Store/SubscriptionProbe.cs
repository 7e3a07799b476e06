using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Store;

/// <summary>
/// Verifies that announcements reach this node (<see cref="ProbeChannels"/>). A subscription can be gone while its link
/// answers and the Redis library raises no event. The node then subscribes again and resyncs.
/// </summary>
internal sealed class SubscriptionProbe(
    ProbeChannels channels,
    MirrorFollower follower,
    StoreMetrics metrics,
    IOptions<StoreOptions> options,
    TimeProvider time,
    ILogger<SubscriptionProbe> logger
) : BackgroundService
{
    private const string Lost = "announcements of the store do not reach this node";

    private readonly TimeProvider _time = ControlTime.Of(time);
    private readonly bool[] _isDeaf = new bool[channels.Partitions];
    private bool _hasLogged;

    /// <summary>
    /// Why announcements cannot be relied on; null while the last probe came back. Partitions that are out of sync are
    /// left out: their servers cannot be probed.
    /// </summary>
    public string? Failure =>
        Enumerable.Range(0, _isDeaf.Length).Any(index => Volatile.Read(ref _isDeaf[index]) && follower.IsInSync(index))
            ? Lost
            : null;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        ControlThread.RunAsync("presencehub probe", () => ProbeAsync(stoppingToken));

    private async Task ProbeAsync(CancellationToken stoppingToken)
    {
        await follower.Subscribed.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.ProbePeriod, _time);
        do
        {
            await ProbeOnceAsync(stoppingToken);
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One probe of every link, with what follows from it.</summary>
    internal async Task ProbeOnceAsync(CancellationToken stoppingToken)
    {
        var isSharded = channels.IsSharded;
        var probed = isSharded ? channels.Partitions : 1;
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, probed).Select(partition => channels.ProbeAsync(partition, stoppingToken))
        );
        for (var partition = 0; partition < probed; partition++)
        {
            if (outcomes[partition] is { } hasArrived)
            {
                Volatile.Write(ref _isDeaf[partition], !hasArrived);
            }
        }

        var lost = Enumerable.Range(0, probed).Where(partition => outcomes[partition] is false).ToArray();
        if (lost.Length > 0)
        {
            metrics.ProbeLost(lost.Length);
            if (!_hasLogged)
            {
                _hasLogged = true;
                logger.ProbeLost();
            }

            foreach (var index in isSharded ? lost : Enumerable.Range(0, channels.Partitions))
            {
                follower.Renew(index);
            }
        }
        else if (_hasLogged && !Array.Exists(_isDeaf, isDeaf => isDeaf))
        {
            _hasLogged = false;
            logger.ProbeReceived();
        }
    }
}
