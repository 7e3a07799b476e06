using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>The mirror against a Redis that loses messages, links, its process and its data.</summary>
public sealed class PresenceMirrorTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly RedisServer _server = new();
    private readonly StoreSettings _settings = StoreNode.NewSettings();
    private StoreNodePair _nodes = null!;

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        _settings.Options.UnconfirmedAfter = TimeSpan.FromSeconds(1);
        _settings.Options.ComparePeriod = TimeSpan.FromSeconds(1);
        _nodes = await StoreNodePair.StartAsync(
            _server.ConnectionString,
            _server.ConnectionString + ",allowAdmin=true",
            _settings
        );
        await LevelAsync();
    }

    public async Task DisposeAsync()
    {
        await _nodes.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Changed_WriteOnAnotherNode_IsRaised()
    {
        await WriteAsync("Busy");

        Assert.Equal("Busy", (await _nodes.Changes.FirstAsync(entry => entry.IsKnown)).Availability);
    }

    [Fact]
    public async Task Changed_MessageLost_IsFoundByThePositionCheck()
    {
        await WriteAsync("Available");
        await _nodes.Changes.FirstAsync(entry => entry.Availability is "Available");
        var channel = _nodes.Reader.Channels.Of(_nodes.Reader.Keys.PartitionOf(_nodes.Subject));
        await _nodes.Reader.Redis.GetSubscriber().UnsubscribeAsync(channel);

        await WriteAsync("Busy");

        await _nodes.Changes.FirstAsync(entry => entry.Availability is "Busy");
    }

    [Fact]
    public async Task Changed_SubscriptionLinkKilled_NothingIsMissed()
    {
        for (var i = 0; i < 5; i++)
        {
            await _nodes.Writer.Redis.GetDatabase().ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub");
            await WriteAsync($"State{i}");
        }

        await _nodes.Changes.FirstAsync(entry => entry.Availability is "State4");
    }

    [Fact]
    public async Task Changed_ServerAway_ShowsStaleAndThenLiveAgain()
    {
        await WriteAsync("Busy");
        await _nodes.Changes.FirstAsync(entry => entry.IsLive);

        await _server.KillAsync();
        var stale = await _nodes.Changes.FirstAsync(entry => entry.IsStale);
        Assert.Equal("Busy", stale.Availability);
        Assert.NotNull(_nodes.Reader.Follower.Failure);

        await _server.StartAsync();
        var live = await _nodes.Changes.FirstAsync(entry => entry.IsLive && entry.Epoch > stale.Epoch);
        Assert.Equal(("Busy", stale.Revision), (live.Availability, live.Revision));
        await LevelAsync();
    }

    [Fact]
    public async Task Changed_ServerBackWithoutData_KeepsTheLastViewAsStaleUntilObservedAgain()
    {
        var epochChanged = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _nodes.Reader.Mirror.EpochChanged += partition =>
        {
            if (partition == _nodes.Reader.Keys.PartitionOf(_nodes.Subject))
            {
                epochChanged.TrySetResult(partition);
            }
        };
        await WriteAsync("Busy");
        var first = await _nodes.Changes.FirstAsync(entry => entry.IsLive);

        await _server.KillAsync();
        _server.LoseData();
        await _server.StartAsync();
        await epochChanged.Task.WaitAsync(TimeSpan.FromSeconds(20));
        var held = Assert.Single(await _nodes.Reader.Mirror.ReadAsync([_nodes.Subject], null, None));
        Assert.Equal(("Busy", true), (held.Availability, held.IsStale));

        await _nodes.WriterIsConnectedAsync();
        await WriteAsync("Busy");
        var again = await _nodes.Changes.FirstAsync(entry => entry.IsLive && entry.Epoch > first.Epoch);
        Assert.True(again.Revision > first.Revision);
    }

    [Fact]
    public async Task Changed_EntryThatIsSilentlyWrong_IsMendedByTheComparison()
    {
        await WriteAsync("Busy");
        var right = await _nodes.Changes.FirstAsync(entry => entry.Availability is "Busy");
        var partition = _nodes.Reader.Mirror.Partitions[_nodes.Reader.Keys.PartitionOf(_nodes.Subject)];
        partition.TryFollow(
            new ChangeMessage(
                partition.Position,
                [right with { Availability = "Wrong", ObservedAt = right.ObservedAt + 1 }]
            )
        );
        await _nodes.Changes.FirstAsync(entry => entry.Availability is "Wrong");
        await LevelAsync();
        await LevelAsync();
        Assert.Equal("Wrong", Assert.Single(partition.Held([_nodes.Subject]))!.Availability);

        await _nodes.Reader.Comparison.StartAsync(None);

        await Eventually.GetAsync(
            () => Task.FromResult(_nodes.Changes.All[^1].Availability),
            availability => availability is "Busy"
        );
        Assert.Equal("Busy", Assert.Single(partition.Held([_nodes.Subject]))!.Availability);
    }

    [Fact]
    public async Task ReadAsync_EntryThatCannotBeRead_IsStaleAndTheOthersAreLiveUntilItIsObservedAgain()
    {
        var other = new SubjectId(Guid.NewGuid());
        _nodes.Reader.Mirror.Track([other]);
        await WriteAsync("Busy");
        await _nodes.WriteAsync(other, "Away");
        await _nodes.Changes.FirstAsync(entry => entry.Availability is "Busy");
        await _nodes.Changes.FirstAsync(entry => entry.Availability is "Away");
        var partition = _nodes.Reader.Keys.PartitionOf(_nodes.Subject);
        await _nodes
            .Writer.Redis.GetDatabase()
            .StringSetAsync(_nodes.Writer.Keys.Subject(partition, _nodes.Subject), "not a hash");

        foreach (var listed in _nodes.Reader.Mirror.Partitions)
        {
            listed.MarkOutOfSync();
        }

        await _nodes.Changes.FirstAsync(entry => entry is { Availability: "Busy", IsStale: true });
        await LevelAsync();
        Assert.Null(_nodes.Reader.Follower.Failure);
        var stranger = new SubjectId(Guid.NewGuid());
        await _nodes
            .Writer.Redis.GetDatabase()
            .StringSetAsync(
                _nodes.Writer.Keys.Subject(_nodes.Writer.Keys.PartitionOf(stranger), stranger),
                "not a hash"
            );
        var entries = await _nodes.Reader.Mirror.ReadAsync([_nodes.Subject, other, stranger], null, None);
        Assert.Equal([false, true, false], entries.Select(entry => entry.IsLive));
        Assert.False(entries[2].IsKnown);

        await WriteAsync("Available");
        await _nodes.Changes.FirstAsync(entry => entry is { Availability: "Available", IsStale: false });
    }

    [Fact]
    public async Task ReadAsync_ServerAwayAndNothingHeld_SaysUnavailable()
    {
        await _server.KillAsync();

        var stranger = new SubjectId(Guid.NewGuid());
        _nodes.Reader.Mirror.Track([stranger]);

        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            _nodes.Reader.Mirror.ReadAsync([stranger], null, None)
        );
    }

    [Fact]
    public async Task ReadAsync_WithACursor_AnswersOnlyWhatChangedSince()
    {
        var quiet = new SubjectId(Guid.NewGuid());
        _nodes.Reader.Mirror.Track([quiet]);
        await WriteAsync("Busy");
        await _nodes.WriteAsync(quiet, "Away");
        await _nodes.Changes.FirstAsync(entry => entry.Subject == quiet && entry.IsLive);
        var cursor = await NextCursorAsync();

        Assert.Empty(await _nodes.Reader.Mirror.ReadAsync([_nodes.Subject, quiet], cursor, None));
        await WriteAsync("Available");
        await _nodes.Changes.FirstAsync(entry => entry.Availability is "Available");

        Assert.Equal(
            _nodes.Subject,
            Assert.Single(await _nodes.Reader.Mirror.ReadAsync([_nodes.Subject, quiet], cursor, None)).Subject
        );
        Assert.Equal(
            2,
            (
                await _nodes.Reader.Mirror.ReadAsync(
                    [_nodes.Subject, quiet],
                    new Cursor(cursor.Epoch, cursor.Time + 3_600_000_000),
                    None
                )
            ).Count
        );
        Assert.Equal(
            2,
            (
                await _nodes.Reader.Mirror.ReadAsync(
                    [_nodes.Subject, quiet],
                    new Cursor(cursor.Epoch + 3_600_000_000, cursor.Time),
                    None
                )
            ).Count
        );
    }

    [Fact]
    public async Task ReadAsync_CursorOfANodeThatIsAhead_ReadsThrough()
    {
        await WriteAsync("Busy");
        await _nodes.Changes.FirstAsync(entry => entry.Availability is "Busy");
        await _nodes.Reader.Follower.StopAsync(None);
        await _nodes.Reader.Redis.GetSubscriber().UnsubscribeAllAsync();
        var ahead = (
            await _nodes.Writer.Store.ReadAsync(_nodes.Writer.Keys.PartitionOf(_nodes.Subject), [], None)
        ).Position;
        await WriteAsync("Away");

        var entries = await _nodes.Reader.Mirror.ReadAsync(
            [_nodes.Subject],
            new Cursor(ahead.Epoch, ahead.Clock),
            None
        );

        Assert.Equal("Away", Assert.Single(entries).Availability);
    }

    private async Task WriteAsync(string availability) =>
        Assert.Equal(ApplyOutcome.Applied, await _nodes.WriteAsync(availability));

    private async Task LevelAsync() => await NextCursorAsync();

    private async Task<Cursor> NextCursorAsync()
    {
        var next = new TaskCompletionSource<Cursor>(TaskCreationOptions.RunContinuationsAsynchronously);
        _nodes.Reader.Mirror.Positioned += OnPositioned;
        try
        {
            return await next.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
        finally
        {
            _nodes.Reader.Mirror.Positioned -= OnPositioned;
        }

        void OnPositioned(Cursor cursor) => next.TrySetResult(cursor);
    }
}
