using System.Collections.Frozen;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Polling;

namespace PresenceHub.Server.Tests.Ingest.Polling;

public sealed class PollScheduleTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(10)]
    [InlineData(2_000)]
    [InlineData(100_000)]
    public void TakeDue_OverManyPeriods_ConfirmsEverybodyWithinThePeriod(int count)
    {
        var schedule = Create(hasSubscriptions: false);
        var confirmed = Subjects(count).ToDictionary(subject => subject, _ => TimeSpan.Zero);
        schedule.SetInterest(confirmed.Keys.ToHashSet(), schedule.Now);
        var (longest, requests) = (TimeSpan.Zero, 0);
        while (schedule.Now < Period * 4)
        {
            _time.Advance(Tick);
            while (schedule.TakeDue(650) is { Count: > 0 } page)
            {
                requests++;
                foreach (var subject in page)
                {
                    longest = Max(longest, schedule.Now - confirmed[subject]);
                    confirmed[subject] = schedule.Now;
                }

                schedule.Confirm(page);
            }
        }

        Assert.All(confirmed.Values, last => Assert.True(schedule.Now - last <= Period));
        Assert.True(longest <= Period, $"{longest}");

        // Pages are filled: no more than about two requests in place of one.
        Assert.True(requests <= 4 * 2 * ((count / 650) + 3), $"{requests} requests");
    }

    [Fact]
    public void TakeDue_FirstHint_ComesAtOnceAndThoseSoonAfterTogether()
    {
        var schedule = Create();
        schedule.Hint(Subjects(1));
        Assert.Single(schedule.TakeDue(650));

        _time.Advance(TimeSpan.FromMilliseconds(10));
        schedule.Hint(Subjects(3)[1..2]);
        Assert.Empty(schedule.TakeDue(650));
        _time.Advance(TimeSpan.FromMilliseconds(30));
        schedule.Hint(Subjects(3)[2..3]);
        Assert.Empty(schedule.TakeDue(650));
        _time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(2, schedule.TakeDue(650).Count);
    }

    [Fact]
    public void TakeDue_HintsThatComeTogether_AreOnePage()
    {
        var schedule = Create();
        schedule.Hint(Subjects(3));
        _time.Advance(TimeSpan.FromMilliseconds(30));
        schedule.Hint(Subjects(5));
        _time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(5, schedule.TakeDue(650).Count);
    }

    [Fact]
    public void TakeDue_FullPageOfHints_DoesNotWait()
    {
        var schedule = Create();
        schedule.Hint(Subjects(650));
        Assert.Equal(650, schedule.TakeDue(650).Count);
    }

    [Fact]
    public void TakeDue_HintAmongMany_ComesFirst()
    {
        var schedule = WithConfirmed(2_000);
        _time.Advance(Period);
        var hinted = Subjects(2_000)[1_234];
        schedule.Hint([hinted]);
        _time.Advance(HintPace.Shortest);
        Assert.Equal(hinted, schedule.TakeDue(650)[0]);
    }

    [Fact]
    public void TakeDue_SubjectInFlight_IsNotTakenTwice()
    {
        var schedule = Create();
        schedule.Hint(Subjects(1));
        _time.Advance(HintPace.Shortest);
        Assert.Single(schedule.TakeDue(650));
        schedule.Hint(Subjects(1));
        _time.Advance(Period);
        Assert.Empty(schedule.TakeDue(650));
    }

    [Fact]
    public void Confirm_HintedWhileInFlight_IsReadAgainAtOnce()
    {
        var schedule = Create();
        schedule.Hint(Subjects(1));
        _time.Advance(HintPace.Shortest);
        var page = schedule.TakeDue(650);
        schedule.Hint(page);
        schedule.Confirm(page);
        _time.Advance(HintPace.Shortest);
        Assert.Equal(page, schedule.TakeDue(650));
    }

    [Fact]
    public void ReadAgain_Ambiguous_ComesSoonAndThenLessSoon()
    {
        var schedule = WithConfirmed(1);
        schedule.Hint(Subjects(1));
        _time.Advance(HintPace.Shortest);
        schedule.ReadAgain(schedule.TakeDue(650));
        _time.Advance(TimeSpan.FromMilliseconds(50));
        schedule.ReadAgain(schedule.TakeDue(650));
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Empty(schedule.TakeDue(650));
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void Retry_WithAWait_ComesNotBeforeIt()
    {
        var schedule = WithConfirmed(1);
        schedule.Hint(Subjects(1));
        _time.Advance(HintPace.Shortest);
        schedule.Retry(schedule.TakeDue(650), TimeSpan.FromSeconds(30));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty(schedule.TakeDue(650));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void Retry_AgainAndAgain_NeverWaitsMuchLongerThanHalfAMinute()
    {
        var schedule = Create();
        schedule.Announce(Subjects(1));
        _time.Advance(HintPace.Shortest);
        for (var i = 0; i < 20; i++)
        {
            var page = schedule.TakeDue(650);
            Assert.Single(page);
            schedule.Retry(page, TimeSpan.Zero);
            _time.Advance(TimeSpan.FromSeconds(30));
        }
    }

    [Fact]
    public void Announce_ReadASecondAgo_IsNotReadAgainBeforeItsTime()
    {
        var schedule = WithConfirmed(1);
        for (var second = 1; second <= 10; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            schedule.Announce(Subjects(1));
            Assert.Empty(schedule.TakeDue(650));
        }

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void Announce_InFlight_IsNotReadASecondTime()
    {
        var schedule = Create();
        schedule.Announce(Subjects(1));
        var page = schedule.TakeDue(650);
        schedule.Announce(Subjects(1));
        schedule.Confirm(page);
        _time.Advance(HintPace.Longest);
        Assert.Empty(schedule.TakeDue(650));
    }

    [Fact]
    public void Announce_LastReadFailed_IsReadSoon()
    {
        var schedule = WithConfirmed(1);
        schedule.Hint(Subjects(1));
        _time.Advance(HintPace.Shortest);
        schedule.Retry(schedule.TakeDue(650), TimeSpan.FromSeconds(30));
        schedule.Announce(Subjects(1));
        _time.Advance(HintPace.Longest);
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void SetInterest_SubjectNoLongerWatched_IsNotReadAgain()
    {
        var schedule = WithConfirmed(2);
        schedule.SetInterest(Subjects(1).ToHashSet(), schedule.Now);
        _time.Advance(Period);
        Assert.Equal(Subjects(1), schedule.TakeDue(650));
    }

    [Fact]
    public void SetInterest_ReadBeforeASubjectIsAnnounced_KeepsIt()
    {
        var schedule = Create();
        var asOf = schedule.Now;
        _time.Advance(Tick);
        schedule.Announce(Subjects(1));
        schedule.SetInterest(FrozenSet<SubjectId>.Empty, asOf);
        _time.Advance(HintPace.Shortest);
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void HintWhere_WhatIsWatchedWasLostToo_KeepsTheSubjects()
    {
        var schedule = WithConfirmed(3);
        schedule.HintWhere(_ => true);
        _time.Advance(TimeSpan.FromSeconds(10));
        schedule.SetInterest(FrozenSet<SubjectId>.Empty, schedule.Now);
        Assert.Equal(3, schedule.TakeDue(650).Count);
    }

    [Fact]
    public void Confirm_NotCovered_IsDueWithinFifteenSeconds()
    {
        var schedule = WithConfirmed(1);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void Confirm_Covered_IsDueWithinThePeriodOnly()
    {
        var schedule = Create();
        schedule.SetCovered(Subjects(1).ToHashSet());
        ConfirmAll(schedule, 1);
        _time.Advance(TimeSpan.FromSeconds(44));
        Assert.Empty(schedule.TakeDue(650));
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void SetCovered_SubscriptionLost_IsDueWithinFifteenSeconds()
    {
        var schedule = Create();
        schedule.SetCovered(Subjects(1).ToHashSet());
        ConfirmAll(schedule, 1);
        schedule.SetCovered(FrozenSet<SubjectId>.Empty);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void Confirm_PollingOff_IsReadOnlyWhenAskedFor()
    {
        var schedule = new PollSchedule(
            PollPace.Of(new PollingOptions { Enabled = false, Period = Period }, hasSubscriptions: true),
            _time
        );
        ConfirmAll(schedule, 1);
        _time.Advance(Period * 10);
        Assert.Empty(schedule.TakeDue(650));
        schedule.Hint(Subjects(1));
        _time.Advance(HintPace.Shortest);
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void TakeDue_MoreHintsThanCanBeRead_StillReadsThoseWhoseTimeHasCome()
    {
        var schedule = WithConfirmed(100);
        _time.Advance(Period);
        var waiting = Subjects(100).ToHashSet();
        for (var page = 0; page < 4; page++)
        {
            // Each page is full of others, as when one caller asks for ids that no person has.
            schedule.Hint(Subjects(10_000).Skip(100).Skip(page * 1300).Take(1300));
            waiting.ExceptWith(schedule.TakeDue(650));
        }

        Assert.Empty(waiting);
    }

    private static SubjectId[] Subjects(int count) =>
        [.. Enumerable.Range(1, count).Select(i => new SubjectId(new Guid(i, 0, 0, new byte[8])))];

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private PollSchedule Create(bool hasSubscriptions = true) =>
        new(PollPace.Of(new PollingOptions { Period = Period }, hasSubscriptions), _time);

    private PollSchedule WithConfirmed(int count)
    {
        var schedule = Create();
        ConfirmAll(schedule, count);
        return schedule;
    }

    private void ConfirmAll(PollSchedule schedule, int count)
    {
        schedule.SetInterest(Subjects(count).ToHashSet(), schedule.Now);
        while (schedule.TakeDue(650) is { Count: > 0 } page)
        {
            schedule.Confirm(page);
            _time.Advance(HintPace.Longest);
        }
    }
}
