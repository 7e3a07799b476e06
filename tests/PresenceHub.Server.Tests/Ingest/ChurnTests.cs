using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Ingest.Polling;
using PresenceHub.Server.Ingest.Subscriptions;
using PresenceHub.Server.Store;
using PresenceHub.Server.Tests.Ingest.Polling;
using PresenceHub.Server.WatchLists;
using static PresenceHub.Server.Tests.Churn;

namespace PresenceHub.Server.Tests.Ingest;

/// <summary>Half a million different ids go through all that Ingest keeps by id: nothing may grow with them.</summary>
[Collection(nameof(WholeHeap))]
public sealed class ChurnTests
{
    private const int PageSize = PresenceReader.MaxPageSize;
    private static readonly TimeSpan InterestPeriod = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly SubjectId[] _lasting = PollingHost.Subjects(100);

    [Fact]
    public void PollSchedule_IdsAskedForOnce_AreAllForgotten()
    {
        var watched = new WatchedSubjects(_time);
        var schedule = CreateSchedule(watched);
        var drift = CreateDrift();
        watched.SetHeld(_lasting.ToHashSet(), watched.Now);
        Drain(schedule, drift);
        var before = Heap();
        for (var page = 0; page < Ids / PageSize; page++)
        {
            schedule.Refresh(Strangers(PageSize));
            Drain(schedule, drift);
            if (page % 100 is 0)
            {
                watched.SetHeld(_lasting.ToHashSet(), watched.Now);
                drift.Keep(watched.ToSet());
            }
        }

        drift.Keep(watched.ToSet());
        AssertSmall(watched, schedule, drift, before);
    }

    [Fact]
    public void PollSchedule_IdsWatchedForAMoment_AreAllForgotten()
    {
        var watched = new WatchedSubjects(_time);
        var schedule = CreateSchedule(watched);
        var drift = CreateDrift();
        watched.SetHeld(_lasting.ToHashSet(), watched.Now);
        Drain(schedule, drift);
        var before = Heap();
        for (var round = 0; round < Ids / 10_000; round++)
        {
            // Half of them are read before they go.
            var strangers = Strangers(10_000);
            watched.Add(strangers);
            watched.SetHeld(_lasting.Concat(strangers).ToHashSet(), watched.Now);
            for (var pages = 0; pages < 5_000 / PageSize; pages++)
            {
                ReadPage(schedule, drift);
            }

            _time.Advance(InterestPeriod);
            watched.SetHeld(_lasting.ToHashSet(), watched.Now);
            drift.Keep(watched.ToSet());
        }

        AssertSmall(watched, schedule, drift, before);
    }

    [Fact]
    public void PollSchedule_MoreIdsAnnouncedThanAreEverLeased_AreBounded()
    {
        var watched = new WatchedSubjects(_time);
        var schedule = CreateSchedule(watched);
        for (var round = 0; round < Ids / 10_000; round++)
        {
            watched.Add(Strangers(10_000));
        }

        Assert.Equal(WatchedSubjects.MaxUnconfirmed, watched.Count);
        _time.Advance(InterestPeriod);
        watched.SetHeld(new HashSet<SubjectId>(), watched.Now);
        Assert.Equal(0, schedule.Counts.All);
    }

    [Fact]
    public void Quarantine_EveryIdIsRefused_IsBounded()
    {
        var quarantine = new Quarantine();
        for (var i = 0; i < Ids; i++)
        {
            quarantine.TryAdd(new SubjectId(Guid.NewGuid()), TimeSpan.FromMilliseconds(i), TimeSpan.Zero, out _);
        }

        Assert.InRange(quarantine.Count, 1, Quarantine.Capacity);
    }

    [Fact]
    public void Caches_ManyIds_AreBounded()
    {
        var unknown = new UnknownSubjects(_time);
        var refused = new RefusedSubjects(Options.Create(new SubscriptionOptions()), _time);
        var applied = new AppliedPayloads();
        var answers = new GraphAnswers(_time);
        var before = Heap();
        for (var page = 0; page < Ids / PageSize; page++)
        {
            var strangers = Strangers(PageSize);
            unknown.Add(strangers);
            refused.Add(strangers);
            foreach (var stranger in strangers)
            {
                answers.RecordAnswer([stranger]);
                applied.Add((UInt128)stranger.GetHashCode() + (UInt128)page);
            }
        }

        Assert.Equal(UnknownSubjects.Capacity, unknown.Count);
        Assert.Equal(RefusedSubjects.Capacity, refused.Count);
        Assert.InRange(Heap() - before, long.MinValue, MaxGrowth);
        GC.KeepAlive(applied);
        GC.KeepAlive(answers);

        _time.Advance(UnknownSubjects.Lifetime);
        unknown.Add(Strangers(1));
        Assert.Equal(1, unknown.Count);
    }

    private void AssertSmall(WatchedSubjects watched, PollSchedule schedule, Drift drift, long before)
    {
        Assert.Equal(_lasting.Length, schedule.Counts.All);
        Assert.Equal(_lasting.Length, watched.Count);
        Assert.InRange(drift.Count, 0, 2 * _lasting.Length);
        Assert.InRange(Heap() - before, long.MinValue, MaxGrowth);
        GC.KeepAlive(schedule);
    }

    private void Drain(PollSchedule schedule, Drift drift)
    {
        while (ReadPage(schedule, drift)) { }
    }

    /// <summary>Reads a page of which Graph knows every other id.</summary>
    private bool ReadPage(PollSchedule schedule, Drift drift)
    {
        _time.Advance(RefreshPace.Longest);
        var page = schedule.TakeDue(PageSize);
        var observations = page.Select(
                (subject, i) =>
                    i % 2 is 0 || _lasting.Contains(subject)
                        ? new Observation(subject, "Busy", "Busy", null, i, ObservationSource.Poll)
                        : Observation.OfUnknownPerson(subject, i)
            )
            .ToArray();
        drift.Polled(observations, [.. observations.Select(_ => ApplyOutcome.Applied)], _time.GetTimestamp());
        schedule.Confirm(from observation in observations where observation.IsKnown select observation.Subject);
        schedule.ConfirmUnknown(from observation in observations where !observation.IsKnown select observation.Subject);

        return page.Count > 0;
    }

    private PollSchedule CreateSchedule(WatchedSubjects watched) =>
        new(
            watched,
            PollPace.Of(new PollingOptions { Period = TimeSpan.FromMinutes(1) }, hasSubscriptions: false),
            new PageAdmission(),
            _time
        );

    private Drift CreateDrift() => new(TestMetrics.Create(), Options.Create(new SubscriptionOptions()), _time);
}
