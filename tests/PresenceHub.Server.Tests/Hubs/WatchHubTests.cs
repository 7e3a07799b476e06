using System.Security.Claims;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.Store;
using PresenceHub.Server.Tests.Fanout;
using PresenceHub.Server.Tests.Store;
using PresenceHub.Server.Tests.WatchLists;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.Hubs;

public sealed class WatchHubTests : IDisposable
{
    private static readonly Watcher Watcher = new(Guid.NewGuid(), "watcher");
    private static readonly WatchRequest MadeUp = new([$"{Guid.NewGuid()}", $"{Guid.NewGuid()}"]);

    private readonly ReadBench _bench = new();
    private readonly CallerContext _context = new("connection");
    private readonly WatcherUsage _usage;
    private readonly WatchHub _hub;

    public WatchHubTests()
    {
        var options = Options.Create(new WatchListOptions());
        var index = new InterestIndex([new MirrorInterest(_bench.Mirror)]);
        var quotas = Quotas.Of(options.Value, time: _bench.Time);
        var lists = new ConnectionWatchLists(
            new WatchPolicies([new SameTenantPolicy(new HubTenant(Watcher.TenantId))]),
            index,
            quotas,
            options
        );
        var outboxes = new Outboxes(_bench.Mirror, _bench.Time);
        var outbox = outboxes.Open(new RecordingConnection(_context.ConnectionId), maxFrameBytes: 4096);
        Assert.True(lists.TryOpen(_context.ConnectionId, Watcher, outbox));
        _usage = lists.UsageOf(_context.ConnectionId);
        var coldIds = new ColdIdQuota(lists, index, _bench.Mirror, new UnknownSubjects(_bench.Time));
        _hub = new WatchHub(lists, coldIds, _bench.Mirror, outboxes, reads: null!) { Context = _context };
    }

    public void Dispose()
    {
        _hub.Dispose();
        _context.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task Watch_StoreDoesNotAnswer_GivesTheChargeForColdIdsBack()
    {
        await _bench.FollowAsync();
        _bench.Hold();
        var call = _hub.Watch(MadeUp);
        await _bench.Sent.WaitAsync();

        _bench.Answer(new TimeoutException());

        await Assert.ThrowsAsync<StoreUnavailableException>(() => call);
        Assert.Equal(0, _usage.ColdIds.Taken);
    }

    [Fact]
    public async Task Watch_ClientGoesAway_HasPaidForWhatWasAnnounced()
    {
        await _bench.FollowAsync();
        _bench.Hold();
        var call = _hub.Watch(MadeUp);
        await _bench.Sent.WaitAsync();

        _context.Abort();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(MadeUp.Ids.Count, _usage.ColdIds.Taken);
    }

    private sealed class CallerContext(string connectionId) : HubCallerContext, IDisposable
    {
        private readonly CancellationTokenSource _aborted = new();

        public override string ConnectionId { get; } = connectionId;

        public override string? UserIdentifier => null;

        public override ClaimsPrincipal? User => null;

        public override IDictionary<object, object?> Items { get; } = new ConnectionItems();

        public override IFeatureCollection Features { get; } = new FeatureCollection();

        public override CancellationToken ConnectionAborted => _aborted.Token;

        public override void Abort() => _aborted.Cancel();

        public void Dispose() => _aborted.Dispose();
    }
}
