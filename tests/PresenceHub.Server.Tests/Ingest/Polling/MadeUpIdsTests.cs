using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Polling;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.Ingest.Polling;

/// <summary>What ids that a client makes up cost everybody else.</summary>
public sealed class MadeUpIdsTests
{
    private const int PageSize = PresenceReader.MaxPageSize;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly PollSchedule _schedule;
    private readonly SubjectId[] _people = PollingHost.Subjects(20 * PageSize);

    public MadeUpIdsTests() =>
        _schedule = new PollSchedule(
            PollPace.Of(new PollingOptions { Period = Period }, hasSubscriptions: false),
            _time
        );

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
            if (page.All(subject => _schedule.StateOf(subject).Knowledge is Knowledge.Known))
            {
                others++;
                _schedule.Confirm(page);
            }
            else
            {
                // Graph is asked for the missing a second time.
                flood += 2;
                _schedule.SecondRead();
                ConfirmUnknown(page);
            }

            _time.Advance(TimeSpan.FromMilliseconds(25));
        }

        Assert.InRange(flood, 2, 2 + (others / 3));
    }

    [Fact]
    public void TakeDue_FloodOfOneShotReads_LeavesSubjectsThatAreWatchedTheFirstPlace()
    {
        _schedule.Hint(Strangers(FirstReads.MaxOnce));
        _schedule.TakeDue(PageSize);
        _schedule.Announce(_people[..3]);
        Assert.Equal(_people[..3], _schedule.TakeDue(PageSize).Take(3));
    }

    [Fact]
    public void TakeDue_FloodOfOneShotReadsAlone_IsPaced()
    {
        var pages = 0;
        for (var now = TimeSpan.Zero; now < TimeSpan.FromSeconds(10); now += TimeSpan.FromMilliseconds(5))
        {
            _schedule.Hint(Strangers(PageSize));
            while (_schedule.TakeDue(PageSize) is { Count: > 0 } page)
            {
                pages++;
                ConfirmUnknown(page);
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
            _schedule.Announce(Strangers(PageSize));
            while (_schedule.TakeDue(PageSize) is { Count: > 0 } page)
            {
                requests += 2;
                _schedule.SecondRead();
                ConfirmUnknown(page);
            }

            _time.Advance(TimeSpan.FromMilliseconds(5));
        }

        Assert.InRange(requests, 80, 110);
    }

    [Fact]
    public void TakeDue_ManyPeopleAtTheStartOfATerm_AreNotPaced()
    {
        _schedule.SetInterest(_people.ToHashSet(), _schedule.Now);
        for (var pages = 0; pages < _people.Length / PageSize; pages++)
        {
            _schedule.Confirm(_schedule.TakeDue(PageSize));
        }

        Assert.Equal(_people.Length, _schedule.Plannable(_people.ToHashSet()).Count);
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
                _schedule.Announce(strangers);
            }
            else
            {
                _schedule.SetInterest(strangers.ToHashSet(), _schedule.Now);
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
            _schedule.Announce(strangers);
        }
        else
        {
            _schedule.SetInterest(strangers.ToHashSet(), _schedule.Now);
        }

        _time.Advance(left - TimeSpan.FromMilliseconds(1));
        Assert.Empty(_schedule.TakeDue(PageSize));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(PageSize, _schedule.TakeDue(PageSize).Count);
    }

    [Fact]
    public void Hint_MoreThanCanBeReadInTime_AreDropped()
    {
        _schedule.Hint(Strangers(10 * FirstReads.MaxOnce));
        Assert.Equal(FirstReads.MaxOnce, _schedule.Counts.All);
    }

    [Fact]
    public void ConfirmUnknown_NobodyWatches_IsForgotten()
    {
        _schedule.Hint(Strangers(3));
        ConfirmUnknown(_schedule.TakeDue(PageSize));
        Assert.Equal(0, _schedule.Counts.All);
    }

    [Fact]
    public void Confirm_NobodyWatches_IsForgottenAndNeverPlanned()
    {
        var version = _schedule.Version;
        _schedule.Hint(_people[..3]);
        var page = _schedule.TakeDue(PageSize);
        Assert.Empty(_schedule.Plannable(_people.ToHashSet()));
        _schedule.Confirm(page);
        Assert.Equal(0, _schedule.Counts.All);
        Assert.Equal(version, _schedule.Version);
    }

    [Fact]
    public void Plannable_WatchedButUnknown_IsNeverPlanned()
    {
        var strangers = Strangers(650);
        _schedule.SetInterest(_people[..3].Concat(strangers).ToHashSet(), _schedule.Now);
        Assert.Empty(_schedule.Plannable(new HashSet<SubjectId>()));
        var first = _schedule.TakeDue(PageSize);
        _time.Advance(HintPace.Longest);
        foreach (var subject in first.Concat(_schedule.TakeDue(PageSize)))
        {
            if (_people.Contains(subject))
            {
                _schedule.Confirm([subject]);
            }
            else
            {
                ConfirmUnknown([subject]);
            }
        }

        Assert.Equal(_people[..3].ToHashSet(), _schedule.Plannable(new HashSet<SubjectId>()));
        Assert.Equal(650, _schedule.Counts.Unknown);
    }

    [Fact]
    public void Plannable_NewLeader_KeepsThoseThatAreCoveredUntilTheyAreRead()
    {
        _schedule.SetInterest(_people[..3].ToHashSet(), _schedule.Now);
        Assert.Equal(_people[..2].ToHashSet(), _schedule.Plannable(_people[..2].ToHashSet()));
        ConfirmUnknown(_schedule.TakeDue(PageSize));
        Assert.Empty(_schedule.Plannable(_people[..2].ToHashSet()));
    }

    [Fact]
    public void TakeDue_UnknownToGraph_IsReadMoreAndMoreRarely()
    {
        _schedule.SetInterest(Strangers(1).ToHashSet(), _schedule.Now);
        var read = new List<TimeSpan>();
        while (read.Count < 6)
        {
            if (_schedule.TakeDue(PageSize) is { Count: > 0 } page)
            {
                read.Add(_schedule.Now);
                ConfirmUnknown(page);
            }

            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(read.Skip(1).Zip(read, (at, before) => at - before).Zip([1, 2, 4, 4, 4]), wait =>
            Assert.InRange(wait.First, 0.75 * wait.Second * Period, wait.Second * Period)
        );
    }

    [Fact]
    public void SetInterest_UnknownWhenOnlyAnnounced_IsStoredOnceItsLeaseIsRead()
    {
        var stranger = Strangers(1);
        _schedule.Announce(stranger);
        _schedule.ConfirmUnknown(
            Observation.OfUnknownPerson(_schedule.TakeDue(PageSize)[0], begunAt: 17),
            isStored: false
        );
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(
            [Observation.OfUnknownPerson(stranger[0], 17)],
            _schedule.SetInterest(stranger.ToHashSet(), _schedule.Now)
        );
        Assert.Empty(_schedule.SetInterest(stranger.ToHashSet(), _schedule.Now));
    }

    private static SubjectId[] Strangers(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new SubjectId(Guid.NewGuid()))];

    private void Ask(bool isWatched, SubjectId[] subjects)
    {
        if (isWatched)
        {
            _schedule.Announce(subjects);
        }
        else
        {
            _schedule.Hint(subjects);
        }
    }

    private void ConfirmUnknown(IEnumerable<SubjectId> subjects)
    {
        foreach (var subject in subjects)
        {
            _schedule.ConfirmUnknown(Observation.OfUnknownPerson(subject, 0), isStored: true);
        }
    }

    private void ConfirmAll(SubjectId[] subjects)
    {
        _schedule.SetInterest(subjects.ToHashSet(), _schedule.Now);
        while (_schedule.TakeDue(PageSize) is { Count: > 0 } page)
        {
            _schedule.Confirm(page);
        }
    }
}
