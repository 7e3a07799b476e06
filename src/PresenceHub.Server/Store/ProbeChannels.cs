using System.Globalization;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>The channels that only this node uses: a probe that it publishes there has to come back over the link that
/// carries the changes.</summary>
internal sealed class ProbeChannels(
    IConnectionMultiplexer redis,
    StoreChannels channels,
    StoreKeys keys,
    StoreMetrics metrics,
    IOptions<StoreOptions> options,
    TimeProvider time,
    ILogger<ProbeChannels> logger
)
{
    private const string Version = "1";

    /// <summary>If the pool takes longer to run its queued work, a missing probe proves nothing.</summary>
    private static readonly TimeSpan PoolLimit = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time = ControlTime.Of(time);
    private readonly LogLimit _notUnderstoodLimit = new(time);
    private readonly Expectation?[] _expected = new Expectation?[keys.Partitions];
    private readonly bool[] _isSubscribed = new bool[keys.Partitions];
    private long _sent;

    /// <summary>Names the channels of this node. It changes with each start.</summary>
    public string Node { get; } = Guid.NewGuid().ToString("N");

    public int Partitions => keys.Partitions;

    /// <summary>Whether each partition has a channel beside its keys, as on a cluster. Otherwise one link carries all
    /// changes.</summary>
    public bool IsSharded => channels.IsCluster;

    /// <summary>Whether a probe came back; null when the store did not answer, which the position check
    /// reports.</summary>
    public async Task<bool?> ProbeAsync(int partition, CancellationToken stoppingToken)
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
            // The thread pool delivers messages. While it has no free thread, a missing probe proves nothing.
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
