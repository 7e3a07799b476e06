using System.Diagnostics;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using PresenceHub.Client.Tests.Fakes;

namespace PresenceHub.Client.Tests.Functional;

[Trait("Category", "Functional")]
public sealed class BusyHubTests
{
    [Fact]
    public async Task StartAsync_NegotiationRefused_ComesBackAfterTheNamedTime()
    {
        await using var server = await HubServer.StartAsync();
        await using var client = server.NewClient(useMessagePack: false, skipNegotiation: false);
        var (refused, accepted) = await ConnectAsync(server, client);
        Assert.Contains("/negotiate?", refused.Path, StringComparison.Ordinal);
        Assert.Contains("/negotiate?", accepted.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_UpgradeWithoutNegotiationRefused_ComesBackAfterTheNamedTimeAndDoesNotNegotiate()
    {
        await using var server = await HubServer.StartAsync();
        await using var client = server.NewClient(useMessagePack: false);
        var (refused, accepted) = await ConnectAsync(server, client);
        Assert.Equal("/hubs/presence", refused.Path);
        Assert.Equal("/hubs/presence", accepted.Path);
    }

    [Fact]
    public async Task StartAsync_UpgradeAfterNegotiationRefused_ComesBackAfterTheNamedTimeAndTriesNoOtherTransport()
    {
        await using var server = await HubServer.StartAsync();
        server.Script.Refuses = request => request.Query.ContainsKey("id");
        server.Script.RetryAfter = "1";
        await using var client = server.NewClient(useMessagePack: false, skipNegotiation: false);
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");
        await Expect.SoonAsync(client.WatchAsync([Wire.A]), "WatchAsync");

        var requests = new List<(string Path, long At)>();
        while (!server.Script.Requests.IsEmpty)
        {
            requests.Add(await server.Script.Requests.NextAsync());
        }

        Assert.Equal(
            [true, false, true, false],
            requests.Select(request => request.Path.Contains("/negotiate?", StringComparison.Ordinal))
        );
        Assert.InRange(
            Stopwatch.GetElapsedTime(requests[1].At, requests[2].At),
            TimeSpan.FromMilliseconds(985),
            TimeSpan.MaxValue
        );
        var connection = await server.Script.Connections.NextAsync();
        Assert.Equal("Bearer the-token", connection.GetHttpContext()!.Request.Headers.Authorization);
        Assert.Equal(HttpTransportType.WebSockets, connection.Features.Get<IHttpTransportFeature>()?.TransportType);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WatchAsync_NegotiationSkipped_IsAnswered(bool useMessagePack)
    {
        await using var server = await HubServer.StartAsync();
        await using var client = server.NewClient(useMessagePack, connection =>
        {
            SkipNegotiation(connection);
            connection.Headers["X-Custom"] = "kept";
        });
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");
        await Expect.SoonAsync(client.WatchAsync([Wire.A]), "WatchAsync");
        var request = (await server.Script.Connections.NextAsync()).GetHttpContext()!.Request;
        Assert.Equal("Bearer the-token", request.Headers.Authorization);
        Assert.Equal("kept", request.Headers["X-Custom"]);
    }

    [Fact]
    public async Task WatchAsync_RefusedWithAWait_IsRepeatedOnTheSameConnection()
    {
        await using var server = await HubServer.StartAsync();
        var answer = server.Script.OnWatch;
        var times = new List<long>();
        server.Script.OnWatch = request =>
        {
            times.Add(Stopwatch.GetTimestamp());
            return times.Count > 1
                ? answer(request)
                : throw new HubException("unavailable: too many calls; retry after 300 ms");
        };
        await using var client = server.NewClient(useMessagePack: false);
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");
        await Expect.SoonAsync(client.WatchAsync([Wire.A]), "WatchAsync");
        Assert.InRange(Stopwatch.GetElapsedTime(times[0], times[1]), TimeSpan.FromMilliseconds(295), TimeSpan.MaxValue);
        await server.Script.Connections.NextAsync();
        Assert.True(server.Script.Connections.IsEmpty);
    }

    private static void SkipNegotiation(HttpConnectionOptions connection)
    {
        connection.SkipNegotiation = true;
        connection.Transports = HttpTransportType.WebSockets;
    }

    private static async Task<((string Path, long At) Refused, (string Path, long At) Accepted)> ConnectAsync(
        HubServer server,
        PresenceClient client
    )
    {
        server.Script.RetryAfter = "1";
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");
        var refused = await server.Script.Requests.NextAsync();
        var accepted = await server.Script.Requests.NextAsync();

        // A timer of the client may fire a moment early by the clock of the test.
        Assert.InRange(
            Stopwatch.GetElapsedTime(refused.At, accepted.At),
            TimeSpan.FromMilliseconds(985),
            TimeSpan.MaxValue
        );
        return (refused, accepted);
    }
}
