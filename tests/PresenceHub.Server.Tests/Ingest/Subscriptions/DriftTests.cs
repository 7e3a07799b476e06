using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

public sealed class DriftTests : IDisposable
{
    private const string Missed = "presencehub.ingest.notifications.missed";
    private const string Wrong = "presencehub.ingest.wrong.duration";
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly MeterReader _reader = new();
    private readonly IngestMetrics _metrics;
    private readonly SubscriptionRecord _held;
    private readonly SubjectId[] _people =
    [
        .. Enumerable.Range(1, 5).Select(i => new SubjectId(new Guid(i, 0, 0, new byte[8]))),
    ];
    private readonly Drift _drift;

    public DriftTests()
    {
        _metrics = _reader.Create();
        _held = new SubscriptionRecord(
            Guid.NewGuid(),
            [],
            _time.GetUtcNow().AddHours(1),
            null,
            "https://hub.example",
            [.. _people.Select(person => person.Value)]
        );
        _drift = new Drift(_metrics, Options.Create(new SubscriptionOptions()), _time);
        _drift.SetHeld([_held]);
    }

    [Fact]
    public void SweepOnce_ThreeChangesFoundAndNoNotification_ReportsTheSubscriptionWithinThreeMinutes()
    {
        Poll(ApplyOutcome.Applied, _people);

        // In the worst case the subscription dies right after the first poll.
        _time.Advance(Period);
        Poll(ApplyOutcome.Applied, _people[..3]);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(_drift.SweepOnce());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([_held.Id], _drift.SweepOnce());
        Assert.Equal(3, _reader.Values(Missed).Sum());
        Assert.NotEmpty(_reader.Values(Wrong, "coverage=notified"));
        Assert.All(_reader.Values(Wrong, "coverage=notified"), seconds => Assert.Equal(60, seconds));
    }

    [Fact]
    public void SweepOnce_TwoChangesMissed_KeepsTheSubscription()
    {
        Poll(ApplyOutcome.Applied, _people);
        _time.Advance(Period);
        Poll(ApplyOutcome.Applied, _people[..2]);
        _time.Advance(Period);
        Assert.Empty(_drift.SweepOnce());
        Assert.Equal(2, _reader.Values(Missed).Sum());
    }

    [Fact]
    public void SweepOnce_OneNotificationBetween_KeepsTheSubscription()
    {
        Poll(ApplyOutcome.Applied, _people);
        _time.Advance(Period);
        Poll(ApplyOutcome.Applied, _people[..2]);
        _time.Advance(Period);
        _drift.SweepOnce();
        _drift.Announced(_held.Id, [_people[4]]);
        Poll(ApplyOutcome.Applied, _people[..2]);
        _time.Advance(Period);
        Assert.Empty(_drift.SweepOnce());
    }

    [Fact]
    public void SweepOnce_NotificationComesAfterThePoll_IsNotMissed()
    {
        Poll(ApplyOutcome.Applied, _people);
        _time.Advance(Period);
        Poll(ApplyOutcome.Applied, _people);
        _time.Advance(TimeSpan.FromSeconds(50));
        _drift.Announced(_held.Id, _people);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(_drift.SweepOnce());
        Assert.Empty(_reader.Values(Missed));
    }

    [Fact]
    public void SweepOnce_PollFoundAChangeAfterItsNotification_IsNotMissed()
    {
        Poll(ApplyOutcome.Applied, _people);
        _time.Advance(TimeSpan.FromSeconds(10));
        _drift.Announced(_held.Id, _people);
        Poll(ApplyOutcome.Applied, _people);
        _time.Advance(Period);
        Assert.Empty(_drift.SweepOnce());
        Assert.Empty(_reader.Values(Missed));
    }

    [Fact]
    public void SweepOnce_ChangeFromBeforeTheSubscription_IsNotMissed()
    {
        _drift.SetHeld([]);
        Poll(ApplyOutcome.Applied, _people);
        _time.Advance(Period);
        _drift.SetHeld([_held]);
        Poll(ApplyOutcome.Applied, _people);
        _time.Advance(Period);
        Assert.Empty(_drift.SweepOnce());
        Assert.Empty(_reader.Values(Missed));
    }

    [Fact]
    public void Polled_FirstReadingOrDeletedSubject_IsNoChange()
    {
        Poll(ApplyOutcome.Applied, _people);
        _drift.Polled(
            [.. _people.Select(person => Observation.OfUnknownPerson(person, 0))],
            [.. _people.Select(_ => ApplyOutcome.Applied)],
            _time.GetTimestamp()
        );
        _time.Advance(Period);
        Assert.Empty(_drift.SweepOnce());
        Assert.Empty(_reader.Values(Missed));
    }

    [Fact]
    public void Polled_ChangeOfAnUncoveredSubject_RecordsHowLongItWasUnknown()
    {
        _drift.SetHeld([]);
        Poll(ApplyOutcome.Applied, _people[0]);
        _time.Advance(TimeSpan.FromSeconds(15));
        Poll(ApplyOutcome.Unchanged, _people[0]);
        _time.Advance(TimeSpan.FromSeconds(14));
        Poll(ApplyOutcome.Applied, _people[0]);
        Assert.Equal([14], _reader.Values(Wrong, "coverage=polled"));
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _reader.Dispose();
    }

    private void Poll(ApplyOutcome outcome, params SubjectId[] people) =>
        _drift.Polled(
            [.. people.Select(person => new Observation(person, "Busy", "Busy", null, 0, ObservationSource.Poll))],
            [.. people.Select(_ => outcome)],
            _time.GetTimestamp()
        );
}
