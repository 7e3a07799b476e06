using System.Collections.Frozen;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Polling;

namespace PresenceHub.Server.Tests.Ingest.Polling;

/// <summary>When subjects are read after they are watched, covered, or no longer are.</summary>
public sealed class PollScheduleLeaseTests
{
    private static readonly TimeSpan Period = ScheduleHost.Period;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly ScheduleHost _host = new();

    [Fact]
    public void Add_ReadASecondAgo_IsNotReadAgainBeforeItsTime()
    {
        var schedule = _host.WithConfirmed(1);
        for (var second = 1; second <= 10; second++)
        {
            _host.Time.Advance(TimeSpan.FromSeconds(1));
            _host.Watched.Add(PollingHost.Subjects(1));
            Assert.Empty(schedule.TakeDue(650));
        }

        _host.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void Clear_WhileASubjectIsAdded_LeavesItWatchedAndScheduledOrNeither()
    {
        var schedule = _host.Create();
        var subjects = PollingHost.Subjects(1);
        for (var round = 0; round < 2_000; round++)
        {
            Parallel.Invoke(schedule.Clear, () => _host.Watched.Add(subjects));
            Assert.Equal(_host.Watched.Count, schedule.Counts.All);
            schedule.Clear();
            Assert.Equal((0, 0), (_host.Watched.Count, schedule.Counts.All));
        }
    }

    [Fact]
    public void Add_InFlight_IsNotReadASecondTime()
    {
        var schedule = _host.Create();
        _host.Watched.Add(PollingHost.Subjects(1));
        var page = schedule.TakeDue(650);
        _host.Watched.Add(PollingHost.Subjects(1));
        schedule.Confirm(page);
        _host.Time.Advance(RefreshPace.Longest);
        Assert.Empty(schedule.TakeDue(650));
    }

    [Fact]
    public void Add_LastReadFailed_IsReadSoon()
    {
        var schedule = _host.WithConfirmed(1);
        schedule.Refresh(PollingHost.Subjects(1));
        _host.Time.Advance(RefreshPace.Shortest);
        schedule.Retry(schedule.TakeDue(650), TimeSpan.FromSeconds(30));
        _host.Watched.Add(PollingHost.Subjects(1));
        _host.Time.Advance(RefreshPace.Longest);
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void SetHeld_SubjectNoLongerWatched_IsNotReadAgain()
    {
        var schedule = _host.WithConfirmed(2);
        _host.Watched.SetHeld(PollingHost.Subjects(1).ToHashSet(), _host.Watched.Now);
        _host.Time.Advance(Period);
        Assert.Equal(PollingHost.Subjects(1), schedule.TakeDue(650));
    }

    [Fact]
    public void SetHeld_ReadBeforeASubjectIsAnnounced_KeepsIt()
    {
        var schedule = _host.Create();
        var asOf = _host.Watched.Now;
        _host.Time.Advance(Tick);
        _host.Watched.Add(PollingHost.Subjects(1));
        _host.Watched.SetHeld(FrozenSet<SubjectId>.Empty, asOf);
        _host.Time.Advance(RefreshPace.Shortest);
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void RefreshWhere_WhatIsWatchedWasLostToo_KeepsTheSubjects()
    {
        var schedule = _host.WithConfirmed(3);
        schedule.RefreshWhere(_ => true);
        _host.Time.Advance(TimeSpan.FromSeconds(10));
        _host.Watched.SetHeld(FrozenSet<SubjectId>.Empty, _host.Watched.Now);
        Assert.Equal(3, schedule.TakeDue(650).Count);
    }

    [Fact]
    public void Confirm_NotCovered_IsDueWithinFifteenSeconds()
    {
        var schedule = _host.WithConfirmed(1);
        _host.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void Confirm_Covered_IsDueWithinThePeriodOnly()
    {
        var schedule = _host.Create();
        _host.Watched.SetCovered(PollingHost.Subjects(1).ToHashSet());
        _host.ConfirmAll(schedule, 1);
        _host.Time.Advance(TimeSpan.FromSeconds(44));
        Assert.Empty(schedule.TakeDue(650));
        _host.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void SetCovered_SubscriptionLost_IsDueWithinFifteenSeconds()
    {
        var schedule = _host.Create();
        _host.Watched.SetCovered(PollingHost.Subjects(1).ToHashSet());
        _host.ConfirmAll(schedule, 1);
        _host.Watched.SetCovered(FrozenSet<SubjectId>.Empty);
        _host.Time.Advance(TimeSpan.FromSeconds(15));
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void Confirm_PollingOff_IsReadOnlyOnARefresh()
    {
        var schedule = new PollSchedule(
            _host.Watched,
            PollPace.Of(new PollingOptions { Enabled = false, Period = Period }, hasSubscriptions: true),
            new PageAdmission(),
            _host.Time
        );
        _host.ConfirmAll(schedule, 1);
        _host.Time.Advance(Period * 10);
        Assert.Empty(schedule.TakeDue(650));
        schedule.Refresh(PollingHost.Subjects(1));
        _host.Time.Advance(RefreshPace.Shortest);
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void SetHeld_SubjectIsAddedAgainBeforeTheScheduleFollows_StaysScheduled()
    {
        var subjects = PollingHost.Subjects(1);
        _host.Watched.Changed += changed =>
        {
            if (changed.Count > 0 && _host.Watched.LeaseOf(subjects[0]) is Lease.None)
            {
                _host.Watched.Add(subjects);
            }
        };
        var schedule = _host.WithConfirmed(1);
        _host.Time.Advance(Tick);
        _host.Watched.SetHeld(FrozenSet<SubjectId>.Empty, _host.Watched.Now);
        _host.Time.Advance(Period);
        Assert.Equal(subjects, schedule.TakeDue(650));
    }
}
