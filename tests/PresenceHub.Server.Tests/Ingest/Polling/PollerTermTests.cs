using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Polling;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Ingest.Polling;

public sealed class PollerTermTests
{
    private readonly ScheduleHost _host = new();
    private readonly PollSchedule _schedule;
    private readonly PresenceMirror _mirror;
    private readonly StoreKeys _keys;
    private readonly PollerTerm _term;

    public PollerTermTests()
    {
        var options = Options.Create(new StoreOptions { Partitions = 1 });
        _keys = new StoreKeys(new RedisNames { KeyPrefix = "test" }, options);
        _mirror = new PresenceMirror(null!, _keys, new StoreClock(_keys, _host.Time), options);
        _schedule = _host.Create();
        var metrics = TestMetrics.Create();
        _term = new PollerTerm(
            _schedule,
            new UnstoredReadings(_host.Watched),
            new Drift(metrics, Options.Create(new SubscriptionOptions()), _host.Time),
            _mirror,
            _keys,
            metrics
        );
    }

    [Fact]
    public void Begin_StoreLosesAPartition_ItsSubjectsAreRefreshed()
    {
        _term.Begin();
        _host.ConfirmAll(_schedule, 3);
        Assert.Empty(_schedule.TakeDue(PresenceReader.MaxPageSize));
        _mirror.ReportEpochChanged(0);
        Assert.Equal(3, _schedule.TakeDue(PresenceReader.MaxPageSize).Count);
    }

    [Fact]
    public void End_StoreLosesAPartition_NothingIsRefreshed()
    {
        _term.Begin();
        _term.End();
        _host.ConfirmAll(_schedule, 3);
        _mirror.ReportEpochChanged(0);
        Assert.Empty(_schedule.TakeDue(PresenceReader.MaxPageSize));
    }
}
