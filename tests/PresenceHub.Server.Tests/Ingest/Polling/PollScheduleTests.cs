using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Polling;

public sealed class PollScheduleTests
{
    private static readonly TimeSpan Period = ScheduleHost.Period;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly ScheduleHost _host = new();

    [Theory]
    [InlineData(10)]
    [InlineData(2_000)]
    [InlineData(100_000)]
    public void TakeDue_OverManyPeriods_ConfirmsEverybodyWithinThePeriod(int count)
    {
        var schedule = _host.Create(hasSubscriptions: false);
        var confirmed = PollingHost.Subjects(count).ToDictionary(subject => subject, _ => TimeSpan.Zero);
        _host.Watched.SetHeld(confirmed.Keys.ToHashSet(), _host.Watched.Now);
        var (longest, requests) = (TimeSpan.Zero, 0);
        while (schedule.Now < Period * 4)
        {
            _host.Time.Advance(Tick);
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

        Assert.NotEmpty(confirmed);
        Assert.All(confirmed.Values, last => Assert.True(schedule.Now - last <= Period));
        Assert.True(longest <= Period, $"{longest}");

        // Pages are filled: no more than about two requests in place of one.
        Assert.True(requests <= 4 * 2 * ((count / 650) + 3), $"{requests} requests");
    }

    [Fact]
    public void TakeDue_FirstRefresh_ComesAtOnceAndThoseSoonAfterTogether()
    {
        var schedule = _host.Create();
        schedule.Refresh(PollingHost.Subjects(1));
        Assert.Single(schedule.TakeDue(650));

        _host.Time.Advance(TimeSpan.FromMilliseconds(10));
        schedule.Refresh(PollingHost.Subjects(3)[1..2]);
        Assert.Empty(schedule.TakeDue(650));
        _host.Time.Advance(TimeSpan.FromMilliseconds(30));
        schedule.Refresh(PollingHost.Subjects(3)[2..3]);
        Assert.Empty(schedule.TakeDue(650));
        _host.Time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(2, schedule.TakeDue(650).Count);
    }

    [Fact]
    public void TakeDue_RefreshesThatComeTogether_AreOnePage()
    {
        var schedule = _host.Create();
        schedule.Refresh(PollingHost.Subjects(3));
        _host.Time.Advance(TimeSpan.FromMilliseconds(30));
        schedule.Refresh(PollingHost.Subjects(5));
        _host.Time.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(5, schedule.TakeDue(650).Count);
    }

    [Fact]
    public void TakeDue_FullPageOfRefreshes_DoesNotWait()
    {
        var schedule = _host.Create();
        schedule.Refresh(PollingHost.Subjects(650));
        Assert.Equal(650, schedule.TakeDue(650).Count);
    }

    [Fact]
    public void TakeDue_RefreshAmongMany_ComesFirst()
    {
        var schedule = _host.WithConfirmed(2_000);
        _host.Time.Advance(Period);
        var refreshed = PollingHost.Subjects(2_000)[1_234];
        schedule.Refresh([refreshed]);
        _host.Time.Advance(RefreshPace.Shortest);
        Assert.Equal(refreshed, schedule.TakeDue(650)[0]);
    }

    [Fact]
    public void TakeDue_SubjectInFlight_IsNotTakenTwice()
    {
        var schedule = _host.Create();
        schedule.Refresh(PollingHost.Subjects(1));
        _host.Time.Advance(RefreshPace.Shortest);
        Assert.Single(schedule.TakeDue(650));
        schedule.Refresh(PollingHost.Subjects(1));
        _host.Time.Advance(Period);
        Assert.Empty(schedule.TakeDue(650));
    }

    [Fact]
    public void Confirm_RefreshRequestedWhileInFlight_IsReadAgainAtOnce()
    {
        var schedule = _host.Create();
        schedule.Refresh(PollingHost.Subjects(1));
        _host.Time.Advance(RefreshPace.Shortest);
        var page = schedule.TakeDue(650);
        schedule.Refresh(page);
        schedule.Confirm(page);
        _host.Time.Advance(RefreshPace.Shortest);
        Assert.Equal(page, schedule.TakeDue(650));
    }

    [Fact]
    public void RetryAmbiguous_AgainAndAgain_ComesSoonAndThenLessSoon()
    {
        var schedule = _host.WithConfirmed(1);
        schedule.Refresh(PollingHost.Subjects(1));
        _host.Time.Advance(RefreshPace.Shortest);
        schedule.RetryAmbiguous(schedule.TakeDue(650));
        _host.Time.Advance(TimeSpan.FromMilliseconds(50));
        schedule.RetryAmbiguous(schedule.TakeDue(650));
        _host.Time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Empty(schedule.TakeDue(650));
        _host.Time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void Retry_WithAWait_ComesNotBeforeIt()
    {
        var schedule = _host.WithConfirmed(1);
        schedule.Refresh(PollingHost.Subjects(1));
        _host.Time.Advance(RefreshPace.Shortest);
        schedule.Retry(schedule.TakeDue(650), TimeSpan.FromSeconds(30));
        _host.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty(schedule.TakeDue(650));
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(schedule.TakeDue(650));
    }

    [Fact]
    public void Retry_AgainAndAgain_NeverWaitsMuchLongerThanHalfAMinute()
    {
        var schedule = _host.Create();
        _host.Watched.Add(PollingHost.Subjects(1));
        _host.Time.Advance(RefreshPace.Shortest);
        for (var i = 0; i < 20; i++)
        {
            var page = schedule.TakeDue(650);
            Assert.Single(page);
            schedule.Retry(page, TimeSpan.Zero);
            _host.Time.Advance(TimeSpan.FromSeconds(30));
        }
    }

    [Fact]
    public void TakeDue_MoreRefreshesThanCanBeRead_StillReadsThoseWhoseTimeHasCome()
    {
        var schedule = _host.WithConfirmed(100);
        _host.Time.Advance(Period);
        var waiting = PollingHost.Subjects(100).ToHashSet();
        for (var page = 0; page < 4; page++)
        {
            // Each page is full of others, as when one caller asks for ids that do not exist.
            schedule.Refresh(PollingHost.Subjects(10_000).Skip(100).Skip(page * 1300).Take(1300));
            waiting.ExceptWith(schedule.TakeDue(650));
        }

        Assert.Empty(waiting);
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
