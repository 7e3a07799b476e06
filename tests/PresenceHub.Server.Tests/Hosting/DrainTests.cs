using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Control;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Hosting;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Hosting;

public sealed class DrainTests : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly FakeTimeProvider _time = new();
    private readonly FanoutService _fanout;
    private readonly Meters _meters = new();
    private readonly Drain _drain;

    public DrainTests()
    {
        var options = Options.Create(new StoreOptions { Partitions = 1 });
        var keys = new StoreKeys(new RedisNames(), options);
        var mirror = new PresenceMirror(null!, keys, new StoreClock(keys, _time), options);
        var outboxes = new Outboxes(mirror, _time);
        _fanout = new FanoutService(
            outboxes,
            new FanoutMetrics(_meters, outboxes),
            Options.Create(new FanoutOptions()),
            _time,
            NullLogger<FanoutService>.Instance
        );
        _drain = new Drain(
            _fanout,
            outboxes,
            Options.Create(new DrainOptions { Window = TimeSpan.FromSeconds(2) }),
            _time,
            NullLogger<Drain>.Instance
        );
    }

    public void Dispose()
    {
        _fanout.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public void RunAsync_NoClients_EndsAtOnce() =>
        Assert.True(_drain.RunAsync(CancellationToken.None).IsCompletedSuccessfully);

    [Fact]
    public async Task RunAsync_RequestInFlight_IsAwaited()
    {
        var request = _drain.Enter();
        var draining = _drain.RunAsync(CancellationToken.None);
        Assert.True(_drain.IsDraining);
        _time.Advance(Step);
        Assert.False(draining.IsCompleted);

        request.Dispose();
        await AdvanceUntilAsync(draining, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task RunAsync_RequestThatDoesNotEnd_IsAbandonedAfterWindowAndGracePeriod()
    {
        using var request = _drain.Enter();

        await AdvanceUntilAsync(_drain.RunAsync(CancellationToken.None), TimeSpan.FromSeconds(6));
    }

    private async Task AdvanceUntilAsync(Task task, TimeSpan most)
    {
        for (var passed = TimeSpan.Zero; passed < most && !task.IsCompleted; passed += Step)
        {
            _time.Advance(Step);
            await Task.Yield();
        }

        Assert.True(task.IsCompleted);
    }

    private sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> _created = [];

        public Meter Create(MeterOptions options)
        {
            _created.Add(new Meter(options));
            return _created[^1];
        }

        public void Dispose() => _created.ForEach(meter => meter.Dispose());
    }
}
