using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>The mirror against a Redis that loses messages, links, its process and its data.</summary>
public sealed class PresenceMirrorTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly RedisServer _server = new();
    private readonly SubjectId _subject = new(Guid.NewGuid());
    private readonly StoreOptions _options = StoreNode.NewOptions();
    private readonly Signals<StoredEntry> _changes = new();
    private StoreNode _reader = null!;
    private StoreNode _writer = null!;

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        _options.UnconfirmedAfter = TimeSpan.FromSeconds(1);
        _options.ComparePeriod = TimeSpan.FromSeconds(1);
        _reader = await StoreNode.ConnectAsync(_server.ConnectionString, _options);
        _writer = await StoreNode.ConnectAsync(_server.ConnectionString + ",allowAdmin=true", _options);
        await _writer.Store.ReadAsync(0, [], None);
        _reader.Mirror.Changed += entries =>
        {
            foreach (var entry in entries)
            {
                _changes.Add(entry);
            }
        };
        _reader.Mirror.Track([_subject]);
        await _reader.Follower.StartAsync(None);
        await LevelAsync();
    }

    public async Task DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _writer.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Changed_WriteOnAnotherNode_IsRaised()
    {
        await WriteAsync("Busy");

        Assert.Equal("Busy", (await _changes.FirstAsync(entry => entry.IsKnown)).Availability);
    }

    [Fact]
    public async Task Changed_MessageLost_IsFoundByThePositionCheck()
    {
        await WriteAsync("Available");
        await _changes.FirstAsync(entry => entry.Availability is "Available");
        var channel = _reader.Channels.Of(_reader.Keys.PartitionOf(_subject));
        await _reader.Redis.GetSubscriber().UnsubscribeAsync(channel);

        await WriteAsync("Busy");

        await _changes.FirstAsync(entry => entry.Availability is "Busy");
    }

    [Fact]
    public async Task Changed_SubscriptionLinkKilled_NothingIsMissed()
    {
        for (var i = 0; i < 5; i++)
        {
            await _writer.Redis.GetDatabase().ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub");
            await WriteAsync($"State{i}");
        }

        await _changes.FirstAsync(entry => entry.Availability is "State4");
    }

    [Fact]
    public async Task Changed_ServerAway_ShowsStaleAndThenLiveAgain()
    {
        await WriteAsync("Busy");
        await _changes.FirstAsync(entry => entry.IsLive);

        await _server.KillAsync();
        var stale = await _changes.FirstAsync(entry => entry.IsStale);
        Assert.Equal("Busy", stale.Availability);
        Assert.NotNull(_reader.Follower.Failure);

        await _server.StartAsync();
        var live = await _changes.FirstAsync(entry => entry.IsLive && entry.Epoch > stale.Epoch);
        Assert.Equal(("Busy", stale.Revision), (live.Availability, live.Revision));
        await LevelAsync();
    }

    [Fact]
    public async Task Changed_ServerBackWithoutData_KeepsTheLastViewAsStaleUntilObservedAgain()
    {
        var epochChanged = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _reader.Mirror.EpochChanged += partition =>
        {
            if (partition == _reader.Keys.PartitionOf(_subject))
            {
                epochChanged.TrySetResult(partition);
            }
        };
        await WriteAsync("Busy");
        var first = await _changes.FirstAsync(entry => entry.IsLive);

        await _server.KillAsync();
        _server.LoseData();
        await _server.StartAsync();
        await epochChanged.Task.WaitAsync(TimeSpan.FromSeconds(20));
        var held = Assert.Single(await _reader.Mirror.ReadAsync([_subject], null, None));
        Assert.Equal(("Busy", true), (held.Availability, held.IsStale));

        await WriteAsync("Busy");
        var again = await _changes.FirstAsync(entry => entry.IsLive && entry.Epoch > first.Epoch);
        Assert.True(again.Revision > first.Revision);
    }

    [Fact]
    public async Task Changed_EntryThatIsSilentlyWrong_IsMendedByTheComparison()
    {
        await WriteAsync("Busy");
        var right = await _changes.FirstAsync(entry => entry.Availability is "Busy");
        var partition = _reader.Mirror.Partitions[_reader.Keys.PartitionOf(_subject)];
        partition.TryFollow(new ChangeMessage(partition.Position, [right with { Availability = "Wrong", ObservedAt = right.ObservedAt + 1 }]));
        await _changes.FirstAsync(entry => entry.Availability is "Wrong");
        await LevelAsync();
        await LevelAsync();
        Assert.Equal("Wrong", Assert.Single(partition.Held([_subject]))!.Availability);

        await _reader.Comparison.StartAsync(None);

        await Eventually.GetAsync(() => Task.FromResult(_changes.All[^1].Availability), availability => availability is "Busy");
        Assert.Equal("Busy", Assert.Single(partition.Held([_subject]))!.Availability);
    }

    [Fact]
    public async Task ReadAsync_ServerAwayAndNothingHeld_SaysUnavailable()
    {
        await _server.KillAsync();

        var stranger = new SubjectId(Guid.NewGuid());
        _reader.Mirror.Track([stranger]);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _reader.Mirror.ReadAsync([stranger], null, None));
    }

    [Fact]
    public async Task ReadAsync_WithACursor_AnswersOnlyWhatChangedSince()
    {
        var quiet = new SubjectId(Guid.NewGuid());
        _reader.Mirror.Track([quiet]);
        await WriteAsync("Busy");
        await _writer.Store.ApplyAsync([new Observation(quiet, "Away", "Away", null, _writer.Clock.Now, ObservationSource.Poll)], None);
        await _changes.FirstAsync(entry => entry.Subject == quiet && entry.IsLive);
        var cursor = await NextCursorAsync();

        Assert.Empty(await _reader.Mirror.ReadAsync([_subject, quiet], cursor, None));
        await WriteAsync("Available");
        await _changes.FirstAsync(entry => entry.Availability is "Available");

        Assert.Equal(_subject, Assert.Single(await _reader.Mirror.ReadAsync([_subject, quiet], cursor, None)).Subject);
        Assert.Equal(2, (await _reader.Mirror.ReadAsync([_subject, quiet], new Cursor(cursor.Epoch, cursor.Time + 3_600_000_000), None)).Count);
        Assert.Equal(2, (await _reader.Mirror.ReadAsync([_subject, quiet], new Cursor(cursor.Epoch + 3_600_000_000, cursor.Time), None)).Count);
    }

    [Fact]
    public async Task ReadAsync_CursorOfANodeThatIsAhead_ReadsThrough()
    {
        await WriteAsync("Busy");
        await _changes.FirstAsync(entry => entry.Availability is "Busy");
        await _reader.Follower.StopAsync(None);
        await _reader.Redis.GetSubscriber().UnsubscribeAllAsync();
        var ahead = (await _writer.Store.ReadAsync(_writer.Keys.PartitionOf(_subject), [], None)).Position;
        await WriteAsync("Away");

        var entries = await _reader.Mirror.ReadAsync([_subject], new Cursor(ahead.Epoch, ahead.Clock), None);

        Assert.Equal("Away", Assert.Single(entries).Availability);
    }

    private async Task WriteAsync(string availability)
    {
        var outcomes = await _writer.Store.ApplyAsync(
            [new Observation(_subject, availability, availability, null, _writer.Clock.Now, ObservationSource.Poll)], None);
        Assert.Equal(ApplyOutcome.Applied, Assert.Single(outcomes));
    }

    private async Task LevelAsync() => await NextCursorAsync();

    private async Task<Cursor> NextCursorAsync()
    {
        var next = new TaskCompletionSource<Cursor>(TaskCreationOptions.RunContinuationsAsynchronously);
        _reader.Mirror.Positioned += OnPositioned;
        try
        {
            return await next.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }
        finally
        {
            _reader.Mirror.Positioned -= OnPositioned;
        }

        void OnPositioned(Cursor cursor) => next.TrySetResult(cursor);
    }
}
