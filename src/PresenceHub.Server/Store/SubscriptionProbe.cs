using System.Globalization;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>
/// Proves that announcements reach this node: it publishes to a channel of its own and expects to hear it over the link
/// of the changes. A subscription can be gone while its link answers and no library event tells; then everything is
/// subscribed and listed again.
/// </summary>
internal sealed class SubscriptionProbe(
    IConnectionMultiplexer redis,
    StoreChannels channels,
    MirrorFollower follower,
    PresenceMirror mirror,
    StoreMetrics metrics,
    IOptions<StoreOptions> options,
    TimeProvider time,
    ILogger<SubscriptionProbe> logger
) : BackgroundService
{
    private const string Lost = "announcements of the store do not reach this node";
    private const string Version = "1";

    /// <summary>A pool that has not come round by then says nothing about the subscription.</summary>
    private static readonly TimeSpan PoolLimit = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time = ControlTime.Of(time);
    private readonly LogLimit _notUnderstoodLimit = new(time);
    private readonly Expectation?[] _expected = new Expectation?[mirror.Partitions.Count];
    private readonly bool[] _isSubscribed = new bool[mirror.Partitions.Count];
    private readonly bool[] _isDeaf = new bool[mirror.Partitions.Count];
    private bool _hasLogged;
    private long _sent;

    /// <summary>
    /// Why announcements cannot be relied on; null while the last probe came back. A partition that is out of sync is
    /// left out: its server cannot be probed.
    /// </summary>
    public string? Failure =>
        Enumerable.Range(0, _isDeaf.Length).Any(index => Volatile.Read(ref _isDeaf[index]) && follower.IsInSync(index))
            ? Lost
            : null;

    /// <summary>Names this node's channels; another one after each start.</summary>
    internal string Node { get; } = Guid.NewGuid().ToString("N");

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
        // On a cluster each partition's channel lives with its keys; elsewhere one link carries all.
        var isSharded = channels.IsCluster;
        var probed = isSharded ? mirror.Partitions.Count : 1;
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, probed).Select(partition => ProbeAsync(partition, stoppingToken))
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

            foreach (var index in isSharded ? lost : Enumerable.Range(0, mirror.Partitions.Count))
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

    /// <summary>Whether a probe came back; null when the store could not be asked, which the position check
    /// tells.</summary>
    private async Task<bool?> ProbeAsync(int partition, CancellationToken stoppingToken)
    {
        var channel = channels.OfProbe(partition, Node);
        var expected = new Expectation(Interlocked.Increment(ref _sent));
        _expected[partition] = expected;
        try
        {
            if (!_isSubscribed[partition])
            {
                var subscribing = channels.SubscribeAsync(channel, message => Receive(partition, message));
                await subscribing.AnsweredAsync(_time, stoppingToken);
                _isSubscribed[partition] = true;
            }

            await redis
                .GetSubscriber()
                .PublishAsync(channel, string.Create(CultureInfo.InvariantCulture, $"{Version}\t{expected.Number}"))
                .AnsweredAsync(_time, stoppingToken);
        }
        catch (Exception) when (!stoppingToken.IsCancellationRequested)
        {
            return null;
        }

        try
        {
            await expected.Arrived.Task.WaitAsync(options.Value.ProbeTimeout, _time, stoppingToken);
            return true;
        }
        catch (TimeoutException)
        {
            // What has arrived is handed over by the pool. While that stands still, nothing tells whether the
            // subscription lives.
            if (!await PoolTurn.WaitAsync(PoolLimit, _time, stoppingToken))
            {
                return null;
            }

            if (expected.Arrived.Task.IsCompletedSuccessfully)
            {
                return true;
            }

            _isSubscribed[partition] = false;
            return false;
        }
    }

    private void Receive(int partition, RedisValue payload)
    {
        var text = ((string?)payload ?? string.Empty).AsSpan();
        var separator = text.IndexOf('\t');
        if (
            separator < 0
            || !text[..separator].SequenceEqual(Version)
            || !StoredEntry.TryParseNumber(text[(separator + 1)..], out var number)
        )
        {
            ReportNotUnderstood();
        }
        else if (_expected[partition] is { } expected && expected.Number == number)
        {
            expected.Arrived.TrySetResult();
        }
    }

    private void ReportNotUnderstood()
    {
        metrics.MessageNotUnderstood();
        if (_notUnderstoodLimit.TryTake())
        {
            logger.ProbeNotUnderstood();
        }
    }

    private sealed record Expectation(long Number)
    {
        public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
