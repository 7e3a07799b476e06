using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.Tests.Ingest;
using PresenceHub.Server.Tests.WatchLists;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.Hubs;

public sealed class CallLimitsTests
{
    [Fact]
    public async Task AdmitAsync_NodeIsBusy_ChargesTheWatcherNothing()
    {
        var watchLists = new WatchListOptions();
        var admission = new AdmissionOptions
        {
            IdsPerSecond = 1,
            IdBurst = 1000,
            MaxWait = TimeSpan.Zero,
        };
        using var admissions = new Admissions(Options.Create(admission), TestMetrics.NewFactory());
        using var rate = new CallRateLimit(Options.Create(watchLists));
        var quotas = Quotas.Of(watchLists, time: new FakeTimeProvider());
        var limits = new CallLimits(rate, quotas, admissions);
        var usage = quotas.Of(new Watcher(Guid.NewGuid(), "watcher"), []);
        await limits.AdmitAsync(usage, ids: 1000, CancellationToken.None);

        await Assert.ThrowsAsync<NodeBusyException>(() =>
            limits.AdmitAsync(usage, ids: 500, CancellationToken.None).AsTask()
        );

        Assert.Equal(1000, usage.Ids.Taken);
    }
}
