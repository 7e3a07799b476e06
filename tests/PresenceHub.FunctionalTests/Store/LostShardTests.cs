using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>A Redis Cluster that loses one of its masters, which has no replica, and goes on with the others.</summary>
public sealed class LostShardTests : IAsyncLifetime
{
    private const int Partitions = 16;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly RedisCluster _cluster = new(needsAllSlots: false);
    private readonly StoreSettings _settings = StoreNode.NewSettings();
    private readonly Signals<StoredEntry> _changes = new();
    private StoreNode _reader = null!;
    private StoreNode _writer = null!;
    private RedisServer _lostShard = null!;
    private int[] _lostPartitions = [];
    private SubjectId _lost;
    private SubjectId _living;

    public async Task InitializeAsync()
    {
        await _cluster.InitializeAsync();
        _settings.Options.Partitions = Partitions;
        _reader = await StoreNode.ConnectAsync(_cluster.ConnectionString, _settings);
        _writer = await StoreNode.ConnectAsync(_cluster.ConnectionString, _settings);

        // The server of partition 0 if possible: the rights of the user are tried there.
        _lostShard = _cluster
            .Masters.OrderByDescending(master => PartitionsOf(master).Contains(0))
            .First(master =>
                _cluster.OwnerOf(_reader.Redis, _reader.Keys.Layout) != master && PartitionsOf(master).Any()
            );
        _lostPartitions = [.. PartitionsOf(_lostShard)];
        _lost = SubjectOf(_lostPartitions[0]);
        _living = SubjectOf(Enumerable.Range(0, Partitions).Except(_lostPartitions).First());
        _reader.Mirror.Changed += entries =>
        {
            foreach (var entry in entries)
            {
                _changes.Add(entry);
            }
        };
    }

    public async Task DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _writer.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Shard_KilledAndRestarted_OnlyItsPartitionsAreStaleUntilItIsBack()
    {
        await FollowAsync();
        await _reader.Probe.ProbeOnceAsync(None);

        await _lostShard.KillAsync();
        var stale = await _changes.FirstAsync(entry => entry.Subject == _lost && entry.IsStale);
        Assert.Equal("Busy", stale.Availability);
        Assert.True(_reader.Follower.IsPartlyInSync);
        Assert.StartsWith(
            $"{_lostPartitions.Length} of {Partitions} partitions",
            _reader.Follower.Failure,
            StringComparison.Ordinal
        );
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(
                [ApplyOutcome.Unavailable, ApplyOutcome.Applied],
                await WriteAsync($"State{i}", _lost, _living)
            );
            await _changes.FirstAsync(entry => entry.Subject == _living && entry.Availability == $"State{i}");
        }

        // The probes of the living shards come back.
        await _reader.Probe.ProbeOnceAsync(None);
        Assert.Null(_reader.Probe.Failure);

        await _lostShard.StartAsync();
        var live = await _changes.FirstAsync(entry =>
            entry.Subject == _lost && entry.IsLive && entry.Epoch > stale.Epoch
        );
        Assert.Equal(("Busy", stale.Revision), (live.Availability, live.Revision));
        await Eventually.GetAsync(() => Task.FromResult(_reader.Follower.Failure), failure => failure is null);
        await Eventually.GetAsync(() => WriteAsync("Away", _lost), IsWritten);
        await _changes.FirstAsync(entry => entry.Subject == _lost && entry.Availability is "Away");
        Assert.DoesNotContain(_changes.All, entry => entry.Subject == _living && entry.IsStale);
    }

    [Fact]
    public async Task Shard_Frozen_ChangesOfTheOthersArriveAndItsPartitionsAreLiveAgainAfterwards()
    {
        await FollowAsync();

        await _lostShard.FreezeAsync();
        await _changes.FirstAsync(entry => entry.Subject == _lost && entry.IsStale);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal([ApplyOutcome.Applied], await WriteAsync($"State{i}", _living));
            await _changes.FirstAsync(entry => entry.Subject == _living && entry.Availability == $"State{i}");
        }

        Assert.True(_reader.Follower.IsPartlyInSync);
        Assert.DoesNotContain(_changes.All, entry => entry.Subject == _living && entry.IsStale);

        await _lostShard.ThawAsync();
        await Eventually.GetAsync(() => Task.FromResult(_reader.Follower.Failure), failure => failure is null);
        Assert.True(Assert.Single(await _reader.Mirror.ReadAsync([_lost], null, None)).IsLive);
    }

    /// <summary>A node that starts meanwhile follows what it can reach.</summary>
    [Fact]
    public async Task Shard_AwayWhenANodeStarts_TheOthersAreLiveAndItsPartitionsComeLater()
    {
        Assert.Equal([ApplyOutcome.Applied, ApplyOutcome.Applied], await WriteAsync("Busy", _lost, _living));
        await _lostShard.KillAsync();
        _reader.Mirror.Track([_lost, _living]);

        await _reader.Follower.StartAsync(None);

        await _changes.FirstAsync(entry => entry.Subject == _living && entry.IsLive);
        await Eventually.GetAsync(() => WriteAsync("Away", _living), IsWritten);
        await _changes.FirstAsync(entry => entry.Subject == _living && entry.Availability is "Away");
        Assert.DoesNotContain(_changes.All, entry => entry.Subject == _lost);

        await _lostShard.StartAsync();
        await _changes.FirstAsync(entry => entry.Subject == _lost && entry.IsLive);
    }

    private async Task FollowAsync()
    {
        _reader.Mirror.Track([_lost, _living]);
        await _reader.Follower.StartAsync(None);
        await _reader.Follower.Subscribed;
        Assert.Equal([ApplyOutcome.Applied, ApplyOutcome.Applied], await WriteAsync("Busy", _lost, _living));
        await _changes.FirstAsync(entry => entry.Subject == _lost && entry.IsLive);
        await _changes.FirstAsync(entry => entry.Subject == _living && entry.IsLive);
        await Eventually.GetAsync(() => Task.FromResult(_reader.Follower.Failure), failure => failure is null);
    }

    private static bool IsWritten(ApplyOutcome[] outcomes) =>
        outcomes is [ApplyOutcome.Applied or ApplyOutcome.Unchanged];

    private Task<ApplyOutcome[]> WriteAsync(string availability, params SubjectId[] subjects)
    {
        var now = _writer.Clock.Now;
        var observations = subjects.Select(subject => new Observation(
            subject,
            availability,
            availability,
            null,
            now,
            ObservationSource.Poll
        ));
        return _writer.Store.ApplyAsync([.. observations], None);
    }

    private IEnumerable<int> PartitionsOf(RedisServer shard) =>
        from partition in Enumerable.Range(0, Partitions)
        where _cluster.OwnerOf(_reader.Redis, _reader.Keys.Meta(partition)) == shard
        select partition;

    private SubjectId SubjectOf(int partition) =>
        Enumerable
            .Repeat(0, int.MaxValue)
            .Select(_ => new SubjectId(Guid.NewGuid()))
            .First(subject => _reader.Keys.PartitionOf(subject) == partition);
}
