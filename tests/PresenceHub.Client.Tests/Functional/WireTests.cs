using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests.Functional;

[Trait("Category", "Functional")]
public sealed class WireTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WatchAsync_OverASocket_RoundTripsEveryField(bool useMessagePack)
    {
        await using var server = await HubServer.StartAsync();
        var known = new PresenceEntry(
            Wire.A,
            "Focusing",
            "Presenting",
            Freshness.Stale,
            At(1_230_000),
            At(7_650_000),
            1_790_000_000_000_001,
            (1L << 53) - 1
        );
        var unknown = new PresenceEntry(
            Wire.B,
            PresenceToken.PresenceUnknown,
            PresenceToken.PresenceUnknown,
            Freshness.Unknown,
            null,
            null,
            1,
            2
        );
        var rejected = new RejectedSubject(Wire.C, RejectionReason.NotVisible);
        server.Script.OnWatch = _ => new WatchResult([known, unknown], [rejected], "c1");
        await using var client = server.NewClient(useMessagePack);
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");

        var admission = await Expect.SoonAsync(client.Watch([Wire.A, Wire.B, Wire.C]).Admission, "WatchAsync");
        Assert.Equal([known, unknown], admission.Entries);
        Assert.Equal([rejected], admission.Rejected);
        var request = await server.Script.Watches.NextAsync();
        Assert.Equal([Wire.A, Wire.B, Wire.C], request.Ids);
        Assert.Null(request.Cursor);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pushes_WithTheProtocolsNames_AreUnderstood(bool useMessagePack)
    {
        await using var server = await HubServer.StartAsync();
        await using var client = server.NewClient(useMessagePack);
        var changes = new Inbox<IReadOnlyList<PresenceEntry>>("EntriesChanged");
        var revocations = new Inbox<IReadOnlyList<string>>("Revoked");
        var drains = new Inbox<TimeSpan>("Draining");
        client.EntriesChanged += (_, change) => changes.Add(change.Entries);
        client.Revoked += (_, revoked) => revocations.Add(revoked.Ids);
        client.Draining += (_, draining) => drains.Add(draining.ReconnectAfter);
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");
        await Expect.SoonAsync(client.WatchAsync([Wire.A, Wire.B]), "WatchAsync");
        await server.Script.Watches.NextAsync();

        await server.Clients.All.SendAsync(
            "PresenceChanged",
            new[]
            {
                new Dictionary<string, object?>
                {
                    ["id"] = Wire.A,
                    ["availability"] = "Away",
                    ["activity"] = "OffWork",
                    ["freshness"] = "live",
                    ["since"] = "2026-11-23T11:00:00.123456Z",
                    ["observedAt"] = "2026-11-23T12:00:00Z",
                    ["epoch"] = 1L,
                    ["revision"] = 5L,
                    ["somethingNew"] = "ignored",
                },
            }
        );
        var expected = new PresenceEntry(
            Wire.A,
            "Away",
            "OffWork",
            Freshness.Live,
            At(1_234_560).AddHours(-1),
            At(0),
            1,
            5
        );
        await changes.FirstAsync(entries => entries.Contains(expected));
        await server.Clients.All.SendAsync("Revoked", new[] { Wire.B });
        Assert.Equal([Wire.B], await revocations.NextAsync());
        await server.Clients.All.SendAsync("Bookmark", "c9");
        await server.Clients.All.SendAsync("Draining", new Dictionary<string, object?> { ["reconnectAfterMs"] = 1 });
        Assert.Equal(TimeSpan.FromMilliseconds(1), await drains.NextAsync());

        var resume = await server.Script.Watches.NextAsync();
        Assert.Equal([Wire.A], resume.Ids);
        Assert.Equal("c9", resume.Cursor);
    }

    [Fact]
    public async Task Calls_InJson_HaveTheProtocolsNames()
    {
        await using var server = await HubServer.StartAsync();
        var posts = new Inbox<string>("a post of the client");
        await using var client = server.NewClient(useMessagePack: false, connection =>
        {
            connection.Transports = HttpTransportType.LongPolling;
            connection.HttpMessageHandlerFactory = inner => new RecordingHandler(inner, posts);
        });
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");
        await Expect.SoonAsync(client.WatchAsync([Wire.A]), "WatchAsync");
        Assert.Contains(
            $$"""
            "target":"Watch","arguments":[{"ids":["{{Wire.A}}"],"cursor":null}]
            """,
            await posts.FirstAsync(post => post.Contains("Watch", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        await Expect.SoonAsync(client.GetAsync([Wire.A]), "GetAsync");
        Assert.Contains(
            $$"""
            "target":"Get","arguments":[["{{Wire.A}}"]]
            """,
            await posts.FirstAsync(post => post.Contains("Get", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        await Expect.SoonAsync(client.UnwatchAsync([Wire.A]), "UnwatchAsync");
        Assert.Contains(
            $$"""
            "target":"Unwatch","arguments":[["{{Wire.A}}"]]
            """,
            await posts.FirstAsync(post => post.Contains("Unwatch", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetAndUnwatch_OverASocket_Answer(bool useMessagePack)
    {
        await using var server = await HubServer.StartAsync();
        await using var client = server.NewClient(useMessagePack);
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");
        Assert.Equal([Wire.Entry(Wire.A, 1)], await Expect.SoonAsync(client.GetAsync([Wire.A]), "GetAsync"));
        await Expect.SoonAsync(client.WatchAsync([Wire.A]), "WatchAsync");
        await Expect.SoonAsync(client.UnwatchAsync([Wire.A]), "UnwatchAsync");
        Assert.Equal([Wire.A], await server.Script.Unwatches.NextAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WatchAsync_HubException_HasItsCode(bool useMessagePack)
    {
        await using var server = await HubServer.StartAsync();
        server.Script.OnWatch = _ => throw new HubException("limitExceeded: at most 1,000 ids");
        await using var client = server.NewClient(useMessagePack);
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");
        var exception = await Assert.ThrowsAsync<PresenceHubException>(() =>
            Expect.SoonAsync(client.WatchAsync([Wire.A]), "WatchAsync")
        );
        Assert.Equal(ErrorCode.LimitExceeded, exception.Code);
        Assert.Equal("at most 1,000 ids", exception.Message);
    }

    [Fact]
    public async Task StartAsync_AccessToken_IsSentAsBearer()
    {
        await using var server = await HubServer.StartAsync();
        await using var client = server.NewClient(useMessagePack: false);
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");
        var connection = await server.Script.Connections.NextAsync();
        Assert.Equal(
            "Bearer the-token",
            connection.Features.Get<IHttpContextFeature>()?.HttpContext?.Request.Headers.Authorization
        );
    }

    private static DateTimeOffset At(long ticks) =>
        new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero).AddTicks(ticks / 10 * 10);
}
