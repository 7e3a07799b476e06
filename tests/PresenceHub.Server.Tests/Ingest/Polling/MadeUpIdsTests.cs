using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Polling;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.Ingest.Polling;

/// <summary>What ids that a client makes up cost everybody else.</summary>
public sealed class MadeUpIdsTests
{
    private const int PageSize = PresenceReader.MaxPageSize;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly WatchedSubjects _watched;
    private readonly PollSchedule _schedule;
    private readonly SubjectId[] _people = PollingHost.Subjects(20 * PageSize);

    public MadeUpIdsTests()
    {
        _watched = new WatchedSubjects(_time);
        _schedule = new PollSchedule(
            _watched,
            PollPace.Of(new PollingOptions { Period = Period }, hasSubscriptions: false),
            new PageAdmission(),
            _time
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TakeDue_FloodWhileOthersAreDue_TakesAQuarterOfThePages(bool isWatched)
    {
        ConfirmAll(_people);
        _time.Advance(Period);
        var (others, flood) = (0, 0);
        while (others < _people.Length / PageSize)
        {
            Ask(isWatched, Strangers(PageSize));
            var page = _schedule.TakeDue(PageSize);
            if (page.All(subject => _schedule.KnowledgeOf(subject) is Knowledge.Known))
            {
                others++;
                _schedule.Confirm(page);
            }
            else
            {
                // Graph is asked for the missing a second time.
                flood += 2;
                _schedule.SecondRead(page);
                _schedule.ConfirmUnknown(page);
            }

            _time.Advance(TimeSpan.FromMilliseconds(25));
        }

        Assert.InRange(flood, 2, 2 + (others / 3));
    }

    [Fact]
    public void TakeDue_FloodOfOneShotReads_LeavesSubjectsThatAreWatchedTheFirstPlace()
    {
        _schedule.Refresh(Strangers(FirstReads.MaxOnce));
        _schedule.TakeDue(PageSize);
        _watched.Add(_people[..3]);
        Assert.Equal(_people[..3], _schedule.TakeDue(PageSize).Take(3));
    }

    [Fact]
    public void TakeDue_FloodOfOneShotReadsAlone_IsPaced()
    {
        var pages = 0;
        for (var now = TimeSpan.Zero; now < TimeSpan.FromSeconds(10); now += TimeSpan.FromMilliseconds(5))
        {
            _schedule.Refresh(Strangers(PageSize));
            while (_schedule.TakeDue(PageSize) is { Count: > 0 } page)
            {
                pages++;
                _schedule.ConfirmUnknown(page);
            }

            _time.Advance(TimeSpan.FromMilliseconds(5));
        }

        Assert.InRange(pages, 90, 103);
    }

    /// <summary>Ten requests a second are a quarter of the budget; each page of made-up ids costs two.</summary>
    [Fact]
    public void TakeDue_FloodOfWatchedIdsAlone_IsPaced()
    {
        var requests = 0;
        for (var now = TimeSpan.Zero; now < TimeSpan.FromSeconds(10); now += TimeSpan.FromMilliseconds(5))
        {
            _watched.Add(Strangers(PageSize));
            while (_schedule.TakeDue(PageSize) is { Count: > 0 } page)
            {
                requests += 2;
                _schedule.SecondRead(page);
                _schedule.ConfirmUnknown(page);
            }

            _time.Advance(TimeSpan.FromMilliseconds(5));
        }

        Assert.InRange(requests, 80, 110);
    }

    [Fact]
    public void TakeDue_ManyPeopleAtTheStartOfATerm_AreNotPaced()
    {
        _watched.SetHeld(_people.ToHashSet(), _watched.Now);
        for (var pages = 0; pages < _people.Length / PageSize; pages++)
        {
            _schedule.Confirm(_schedule.TakeDue(PageSize));
        }

        Assert.Equal(_people.Length, _watched.Plannable(_people.ToHashSet()).Count);
        Assert.Empty(_schedule.TakeDue(PageSize));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AssumeUnknown_WatchedAgain_IsReadOnlyAfterThatHasLapsed(bool isAnnounced)
    {
        var strangers = Strangers(PageSize);
        for (var second = 0; second < UnknownSubjects.Lifetime.TotalSeconds; second++)
        {
            _schedule.AssumeUnknown(strangers.Select(subject => (subject, TimeSpan.Zero)));
            if (isAnnounced)
            {
                _watched.Add(strangers);
            }
            else
            {
                _watched.SetHeld(strangers.ToHashSet(), _watched.Now);
            }

            Assert.Empty(_schedule.TakeDue(PageSize));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(PageSize, _schedule.TakeDue(PageSize).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AssumeUnknown_AnswerIsOld_IsReadOneLifetimeAfterTheAnswer(bool isAnnounced)
    {
        var left = TimeSpan.FromSeconds(10);
        var strangers = Strangers(PageSize);
        _schedule.AssumeUnknown(strangers.Select(subject => (subject, UnknownSubjects.Lifetime - left)));
        if (isAnnounced)
        {
            _watched.Add(strangers);
        }
        else
        {
            _watched.SetHeld(strangers.ToHashSet(), _watched.Now);
        }

        _time.Advance(left - TimeSpan.FromMilliseconds(1));
        Assert.Empty(_schedule.TakeDue(PageSize));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(PageSize, _schedule.TakeDue(PageSize).Count);
    }

    [Fact]
    public void Refresh_MoreThanCanBeReadInTime_AreDropped()
    {
        _schedule.Refresh(Strangers(10 * FirstReads.MaxOnce));
        Assert.Equal(FirstReads.MaxOnce, _schedule.Counts.All);
    }

    [Fact]
    public void ConfirmUnknown_NobodyWatches_IsForgotten()
    {
        _schedule.Refresh(Strangers(3));
        _schedule.ConfirmUnknown(_schedule.TakeDue(PageSize));
        Assert.Equal(0, _schedule.Counts.All);
    }

    [Fact]
    public void Confirm_NobodyWatches_IsForgottenAndNeverPlanned()
    {
        var version = _watched.Version;
        _schedule.Refresh(_people[..3]);
        var page = _schedule.TakeDue(PageSize);
        Assert.Empty(_watched.Plannable(_people.ToHashSet()));
        _schedule.Confirm(page);
        Assert.Equal(0, _schedule.Counts.All);
        Assert.Equal(version, _watched.Version);
    }

    [Fact]
    public void Plannable_WatchedButUnknown_IsNeverPlanned()
    {
        var strangers = Strangers(650);
        _watched.SetHeld(_people[..3].Concat(strangers).ToHashSet(), _watched.Now);
        Assert.Empty(_watched.Plannable(new HashSet<SubjectId>()));
        var first = _schedule.TakeDue(PageSize);
        _time.Advance(RefreshPace.Longest);
        foreach (var subject in first.Concat(_schedule.TakeDue(PageSize)))
        {
            if (_people.Contains(subject))
            {
                _schedule.Confirm([subject]);
            }
            else
            {
                _schedule.ConfirmUnknown([subject]);
            }
        }

        Assert.Equal(_people[..3].ToHashSet(), _watched.Plannable(new HashSet<SubjectId>()));
        Assert.Equal(650, _schedule.Counts.Unknown);
    }

    [Fact]
    public void Plannable_NewLeader_KeepsThoseThatAreCoveredUntilTheyAreRead()
    {
        _watched.SetHeld(_people[..3].ToHashSet(), _watched.Now);
        Assert.Equal(_people[..2].ToHashSet(), _watched.Plannable(_people[..2].ToHashSet()));
        _schedule.ConfirmUnknown(_schedule.TakeDue(PageSize));
        Assert.Empty(_watched.Plannable(_people[..2].ToHashSet()));
    }

    [Fact]
    public void TakeDue_UnknownToGraph_IsReadMoreAndMoreRarely()
    {
        _watched.SetHeld(Strangers(1).ToHashSet(), _watched.Now);
        var read = new List<TimeSpan>();
        while (read.Count < 6)
        {
            if (_schedule.TakeDue(PageSize) is { Count: > 0 } page)
            {
                read.Add(_schedule.Now);
                _schedule.ConfirmUnknown(page);
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(read.Skip(1).Zip(read, (at, before) => at - before).Zip([1, 2, 4, 4, 4]), wait =>
            Assert.InRange(wait.First, 0.75 * wait.Second * Period, wait.Second * Period)
        );
    }

    private static SubjectId[] Strangers(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new SubjectId(Guid.NewGuid()))];

    private void Ask(bool isWatched, SubjectId[] subjects)
    {
        if (isWatched)
        {
            _watched.Add(subjects);
        }
        else
        {
            _schedule.Refresh(subjects);
        }
    }

    private void ConfirmAll(SubjectId[] subjects)
    {
        _watched.SetHeld(subjects.ToHashSet(), _watched.Now);
        while (_schedule.TakeDue(PageSize) is { Count: > 0 } page)
        {
            _schedule.Confirm(page);
        }
    }
}
