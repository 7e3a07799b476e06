using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Polling;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Polling;

/// <summary>Graph answers 200 and leaves out people that it knew before.</summary>
[Trait("Category", "Functional")]
public sealed class MissingPeopleTests : IClassFixture<RedisFixture>
{
    private static readonly SubjectId[] People = PollingHost.Subjects(PresenceReader.MaxPageSize);

    private readonly PollingHost _host;
    private HashSet<string> _deleted = [];
    private bool _isEmpty;
    private int _most = int.MaxValue;

    public MissingPeopleTests(RedisFixture redis) =>
        _host = new PollingHost(redis, ids =>
            _isEmpty
                ? FakeGraph.Json("""{"value":[]}""")
                : PollingHost.Presences(ids.Where(id => !_deleted.Contains(id)).Take(_most))
        );

    [Fact]
    public async Task Read_EmptyAnswersForKnownPeople_TurnNobodyUnknown()
    {
        await WatchAsync(People);
        _isEmpty = true;
        await ReadForAsync(GraphAnswers.OmissionPatience - TimeSpan.FromSeconds(2));
        Assert.Equal(0, _host.Schedule.Counts.Unknown);
        Assert.Equal("Busy", (await _host.StoredAsync(People[5]))!.Availability);

        // Neither does a hint, for which one of them is read alone.
        _isEmpty = false;
        await ReadForAsync(PollingHost.Period);
        _isEmpty = true;
        _host.Schedule.Refresh([People[5]]);
        await ReadForAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(0, _host.Schedule.Counts.Unknown);

        _isEmpty = false;
        await ReadForAsync(PollingHost.Period);
        Assert.Equal(0, _host.Schedule.Counts.Unknown);
        Assert.Equal(0, _host.Schedule.Counts.Quarantined);
    }

    [Fact]
    public async Task Read_AnswersWithFewOfThem_TurnNobodyUnknownAndAllAreReadInSmallerParts()
    {
        await WatchAsync(People);
        _most = 40;
        _host.Time.Advance(PollingHost.Period);
        Assert.Equal(0, await _host.ReadDueAsync());
        Assert.Equal(0, _host.Schedule.Counts.Unknown);
        Assert.Equal(0, _host.Schedule.Counts.Quarantined);
    }

    [Fact]
    public async Task Read_FewAreDeleted_AreUnknownAtTheNextPoll()
    {
        await WatchAsync(People);
        Delete(People[..20]);
        var reads = _host.Reads;
        _host.Time.Advance(PollingHost.Period);
        Assert.Equal(0, await _host.ReadDueAsync());
        Assert.Equal((20, 2), (_host.Schedule.Counts.Unknown, _host.Reads - reads));
        Assert.False((await _host.StoredAsync(People[0]))!.IsKnown);
    }

    [Fact]
    public async Task Read_MostAreDeleted_AreUnknownAfterAWhile()
    {
        await WatchAsync(People[..100]);
        Delete(People[..60]);
        await ReadForAsync(TimeSpan.FromMinutes(8));
        Assert.Equal(60, _host.Schedule.Counts.Unknown);
        Assert.Equal("Busy", (await _host.StoredAsync(People[60]))!.Availability);
    }

    [Fact]
    public async Task Read_OneIsDeletedAndHinted_IsUnknownAtOnce()
    {
        await WatchAsync(People[..10]);
        Delete(People[3..4]);
        for (var hint = 0; hint < 2 && _host.Schedule.Counts.Unknown is 0; hint++)
        {
            // The subject that is asked for instead may be the deleted one.
            _host.Schedule.Refresh(People[3..4]);
            await ReadForAsync(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(1, _host.Schedule.Counts.Unknown);
        Assert.False((await _host.StoredAsync(People[3]))!.IsKnown);
    }

    [Fact]
    public async Task Read_TheOnlyOneIsDeleted_IsUnknownAtTheNextPoll()
    {
        await WatchAsync(People[..1]);
        Delete(People[..1]);
        _host.Time.Advance(PollingHost.Period);
        Assert.Equal(0, await _host.ReadDueAsync());
        Assert.False((await _host.StoredAsync(People[0]))!.IsKnown);
    }

    [Fact]
    public async Task Read_AllAreDeleted_AreUnknownWhenItHasLasted()
    {
        await WatchAsync(People[..5]);
        Delete(People[..5]);
        await ReadForAsync(GraphAnswers.OmissionPatience);
        Assert.Equal(0, _host.Schedule.Counts.Unknown);
        await ReadForAsync(PollingHost.Period * 2);
        Assert.Equal(5, _host.Schedule.Counts.Unknown);
    }

    private void Delete(IEnumerable<SubjectId> people) => _deleted = [.. people.Select(person => person.ToString())];

    private async Task WatchAsync(SubjectId[] people)
    {
        _host.Watched.SetHeld(people.ToHashSet(), _host.Watched.Now);
        Assert.Equal(0, await _host.ReadDueAsync());
        Assert.Equal(people.Length, await _host.CountStoredAsync(people));
    }

    private async Task ReadForAsync(TimeSpan duration)
    {
        for (
            var end = _host.Schedule.Now + duration;
            _host.Schedule.Now < end;
            _host.Time.Advance(TimeSpan.FromSeconds(1))
        )
        {
            await _host.ReadDueAsync();
        }
    }
}
