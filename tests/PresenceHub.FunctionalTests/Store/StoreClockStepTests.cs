using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>The clock of Redis was 90 seconds ahead and is set right.</summary>
public sealed class StoreClockStepTests(RedisServer server) : IClassFixture<RedisServer>, IAsyncLifetime
{
    private const long Second = 1_000_000;

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly ServerClock _serverClock = new() { Ahead = TimeSpan.FromSeconds(90) };
    private readonly SubjectId _subject = new(Guid.NewGuid());
    private readonly StoreSettings _settings = StoreNode.NewSettings();
    private StoreNode _former = null!;
    private StoreNode _leader = null!;

    public async Task InitializeAsync()
    {
        _settings.Options.StaleAfter = TimeSpan.FromSeconds(3);
        _former = await ConnectAsync();
        _former.Mirror.Track([_subject]);
        await _former.Store.ReadAsync(Partition, [], None);
        Assert.Equal(ApplyOutcome.Applied, await ObserveAsync(_former, "Busy"));
        await LevelAsync(_former);

        _serverClock.Ahead = TimeSpan.Zero;
        _leader = await ConnectAsync();
        await LevelAsync(_leader);
    }

    public async Task DisposeAsync()
    {
        await _former.DisposeAsync();
        await _leader.DisposeAsync();
    }

    [Fact]
    public async Task Apply_ChangeSeenByTheNextLeader_CountsAtItsSecondReadingAtTheLatest()
    {
        if (await ObserveAsync(_leader, "Away") is ApplyOutcome.Ambiguous)
        {
            Assert.Equal(ApplyOutcome.Applied, await ObserveAsync(_leader, "Away"));
        }

        Assert.Equal("Away", (await ReadAsync()).Entry!.Availability);
    }

    [Fact]
    public async Task Apply_ChangeSeenByANodeThatKnewTheLaterTime_CountsAtItsSecondReadingAtTheLatest()
    {
        if (await ObserveAsync(_former, "Away") is ApplyOutcome.Ambiguous)
        {
            Assert.Equal(ApplyOutcome.Applied, await ObserveAsync(_former, "Away"));
        }

        Assert.Equal(ApplyOutcome.Applied, await ObserveAsync(_leader, "Available"));
    }

    [Fact]
    public async Task Read_EntryOfTheLaterTime_IsNotAheadOfTheServer()
    {
        var (entry, time) = await ReadAsync();

        Assert.InRange(entry!.ObservedAt, time - Second, time);
    }

    [Fact]
    public async Task Apply_ObservationOfTheLaterTime_IsNotAheadOfTheServer()
    {
        var subject = new SubjectId(Guid.NewGuid());

        await _leader.Store.ApplyAsync(
            [new Observation(subject, "Busy", "Busy", null, _leader.Clock.Now + (90 * Second), ObservationSource.Poll)],
            None
        );

        var reading = await _leader.Store.ReadAsync(_leader.Keys.PartitionOf(subject), [subject], None);
        Assert.InRange(reading.Entries[0]!.ObservedAt, reading.Time - (5 * Second), reading.Time);
    }

    [Fact]
    public async Task Clock_NodeThatKnewTheLaterTime_FollowsTheServer()
    {
        await LevelAsync(_former);

        Assert.InRange(_former.Clock.Now - (await ReadAsync()).Time, -5 * Second, Second);
    }

    [Fact]
    public async Task Mirror_EntryThatIsNoLongerConfirmed_IsStaleWhenDueAndNotLaterByTheStep()
    {
        var stepped = _former.Clock.Timestamp;

        await Eventually.GetAsync(
            async () =>
            {
                await LevelAsync(_former);
                return Assert.Single(_former.Mirror.Partitions[Partition].Held([_subject]))!;
            },
            entry => entry.IsStale
        );

        Assert.InRange(TimeProvider.System.GetElapsedTime(stepped), TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Revision_ChangeAfterTheStep_IsLaterThanAllBefore()
    {
        var before = (await ReadAsync()).Entry!;

        await ObserveAsync(_leader, "Away");
        await ObserveAsync(_leader, "Away");

        var after = (await ReadAsync()).Entry!;
        Assert.Equal(before.Epoch, after.Epoch);
        Assert.True(after.Revision > before.Revision);
    }

    private int Partition => _former.Keys.PartitionOf(_subject);

    private static async Task LevelAsync(StoreNode node) => Assert.True(await node.Follower.CheckOnceAsync(None));

    private Task<StoreNode> ConnectAsync() =>
        StoreNode.ConnectAsync(server.ConnectionString, _settings, _serverClock.Connect);

    private async Task<ApplyOutcome> ObserveAsync(StoreNode node, string availability) =>
        Assert.Single(
            await node.Store.ApplyAsync(
                [new Observation(_subject, availability, availability, null, node.Clock.Now, ObservationSource.Poll)],
                None
            )
        );

    private async Task<(StoredEntry? Entry, long Time)> ReadAsync()
    {
        var reading = await _leader.Store.ReadAsync(Partition, [_subject], None);
        return (reading.Entries[0], reading.Time);
    }
}
