using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Store;
using static PresenceHub.Server.Tests.Ingest.Notifications.NotificationProcessorHost;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

/// <summary>The worker of the queue while Redis is partly away.</summary>
[Trait("Category", "Functional")]
public sealed class NotificationWorkerTests(RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private readonly NotificationProcessorHost _host = new(redis);

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync()
    {
        _host.Dispose();
        return Task.CompletedTask;
    }

    /// <param name="step">How far the store's clock is set ahead after the arrival, in minutes.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task ProcessOnceAsync_PartitionIsLost_RefreshesTheSubjectAfterAFewAttempts(int step)
    {
        await _host.Store.ReadAsync(0, [], CancellationToken.None);
        var requested = new TaskCompletionSource<IReadOnlyList<SubjectId>>();
        var requests = await _host.Refreshes.SubscribeAsync((subjects, _) => requested.TrySetResult(subjects));
        var (options, metrics) = (Options.Create(new NotificationOptions()), _host.Meters.Create());
        var queue = new NotificationQueue(options, metrics);
        using var worker = new NotificationWorker(
            queue,
            _host.CreateProcessor(PayloadTrust.WhenSequenced),
            options,
            metrics,
            _host.Time,
            NullLogger<NotificationWorker>.Instance
        );
        _host.IsStoreLost = true;
        Assert.True(
            queue.TryEnqueue(
                new NotificationBatch(
                    [Rich(One)],
                    [_host.Forge.Create()],
                    0,
                    _host.Clock.Now - StoreTime.FromTimeSpan(TimeSpan.FromMinutes(step))
                )
                {
                    Timestamp = _host.Time.GetTimestamp(),
                }
            )
        );

        var processing = worker.ProcessOnceAsync(CancellationToken.None);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (
            var start = Stopwatch.GetTimestamp();
            !processing.IsCompleted && Stopwatch.GetElapsedTime(start) < IngestHost.Patience;

        )
        {
            // Each attempt calls Redis, so the clock that limits the age of the batch must not run far ahead.
            _host.Time.Advance(TimeSpan.FromMilliseconds(100));
            await timer.WaitForNextTickAsync();
        }

        Assert.True(await processing.WaitAsync(IngestHost.Patience));
        Assert.Equal([One], await requested.Task.WaitAsync(IngestHost.Patience));
        await requests.UnsubscribeAsync();
        Assert.Empty(_host.Meters.Values("presencehub.ingest.notifications", "outcome=applied"));
        Assert.Empty(_host.Meters.Values("presencehub.ingest.notifications", "outcome=dropped"));

        // The payload does not count as applied: it is decrypted when Graph repeats it.
        _host.IsStoreLost = false;
        Assert.Empty(await _host.RefreshesOfAsync(Rich(One)));
        Assert.Equal("Busy", (await _host.ReadAsync(One))!.Availability);
    }
}
