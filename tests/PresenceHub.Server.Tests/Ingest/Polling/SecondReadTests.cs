using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Polling;

namespace PresenceHub.Server.Tests.Ingest.Polling;

/// <summary>A second read of a page counts in the lane of that page, whatever page was taken last.</summary>
public sealed class SecondReadTests
{
    private const int PageSize = PresenceReader.MaxPageSize;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SecondRead = TimeSpan.FromMilliseconds(40);

    private readonly FakeTimeProvider _time = new();
    private readonly WatchedSubjects _watched;
    private readonly PollSchedule _schedule;
    private readonly SubjectId[] _people = PollingHost.Subjects((3 * PageSize) + 1);

    public SecondReadTests()
    {
        _watched = new WatchedSubjects(_time);
        _schedule = new PollSchedule(
            _watched,
            PollPace.Of(new PollingOptions { Period = Period }, hasSubscriptions: false),
            new PageAdmission(),
            _time
        );
    }

    [Fact]
    public void SecondRead_PageOfUnwatchedIdsWhileAWatchedPageIsOut_DoesNotPaceWatchedSubjects()
    {
        _schedule.Refresh(_people[..PageSize]);
        var once = _schedule.TakeDue(PageSize);
        _watched.Add(_people[PageSize..(2 * PageSize)]);
        Assert.Equal(PageSize, _schedule.TakeDue(PageSize).Count);

        _time.Advance(SecondRead);
        _schedule.SecondRead(once);
        _watched.Add(_people[^1..]);
        _time.Advance(RefreshPace.Shortest - SecondRead);
        Assert.Equal(_people[^1..], _schedule.TakeDue(PageSize));
    }

    [Fact]
    public void SecondRead_WatchedPageWhileAPageOfUnwatchedIdsIsOut_PacesWatchedSubjects()
    {
        _watched.Add(_people[..PageSize]);
        var watched = _schedule.TakeDue(PageSize);
        _schedule.Refresh(_people[PageSize..(2 * PageSize)]);
        Assert.Equal(PageSize, _schedule.TakeDue(PageSize).Count);

        _time.Advance(SecondRead);
        _schedule.SecondRead(watched);
        _watched.Add(_people[^1..]);
        _time.Advance(RefreshPace.Shortest - SecondRead);
        Assert.Empty(_schedule.TakeDue(PageSize));
        _time.Advance(SecondRead + RefreshPace.Shortest);
        Assert.Equal(_people[^1..], _schedule.TakeDue(PageSize));
    }

    [Fact]
    public void SecondRead_PageOfKnownSubjects_TakesNoTurnFromFirstReads()
    {
        var known = _people[..(3 * PageSize)];
        _watched.SetHeld(known.ToHashSet(), _watched.Now);
        while (_schedule.TakeDue(PageSize) is { Count: > 0 } page)
        {
            _schedule.Confirm(page);
        }

        _time.Advance(Period);
        _schedule.SecondRead(_schedule.TakeDue(PageSize));
        _watched.Add(_people[^1..]);
        Assert.Equal(_people[^1], _schedule.TakeDue(PageSize)[0]);
    }
}
