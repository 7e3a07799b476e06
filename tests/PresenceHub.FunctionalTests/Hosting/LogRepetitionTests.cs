using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using PresenceHub.Contracts;
using PresenceHub.FunctionalTests.Ingest;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>How much the log holds, whatever clients do and however long Redis is away.</summary>
public sealed class LogRepetitionTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Theory, Trait("Category", "Long")]
    [InlineData("refused calls")]
    [InlineData("refused connections")]
    [InlineData("garbage tokens")]
    [InlineData("broken requests")]
    [InlineData("malformed bodies")]
    [InlineData("cookies and codes that were made up")]
    [InlineData("foreign origins")]
    [InlineData("clients that leave")]
    public async Task Log_SameClientFaultAHundredTimes_IsOneLine(string scenario)
    {
        await using var server = await HubServer.StartAsync(
            new Dictionary<string, string>
            {
                ["WatchLists__MaxConnectionsPerWatcher"] = "1",
                ["Logging__Console__LogLevel__Default"] = "Information",
            }
        );
        var (token, _) = await server.SignInAsync();
        await using var hub = await ConnectAsync(server, token);
        await hub.InvokeAsync<PresenceEntry[]>("Get", Array.Empty<string>());
        var before = server.Output.Count;

        for (var i = 0; i < 100; i++)
        {
            await ActAsync(scenario, server, token, hub, i);
        }

        await hub.DisposeAsync();
        await server.StopAsync();
        var lines = server
            .Output.Skip(before)
            .Where(line =>
                !line.Contains("Hosting.Drain[", StringComparison.Ordinal)
                && !line.Contains("Leadership[", StringComparison.Ordinal)
            )
            .ToArray();
        Assert.NotEmpty(server.Output.Skip(before));
        Assert.True(lines.Count(IsHead) <= 1, string.Join('\n', lines));
        Assert.DoesNotContain(lines, line => line.StartsWith("fail: ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_RedisIsAway_HoldsALinePerCauseAndNoStackTraces()
    {
        await using var redis = new RedisServer();
        await redis.StartAsync();
        await using var server = await HubServer.StartAsync(
            new Dictionary<string, string> { ["Redis__ConnectionString"] = redis.ConnectionString }
        );
        var (token, _) = await server.SignInAsync();
        var before = server.Output.Count;
        await redis.KillAsync();
        await server.WaitForHealthAsync("/health/ready", healthy: false);

        for (var i = 0; i < 50; i++)
        {
            using var probed = await server.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
            using var read = await ReadAsync(server, token);
            using var accounts = await server.Http.GetAsync(new Uri("/admin/accounts", UriKind.Relative));
            using var browser = new AccountsBrowser(server.Address);
            using var signedIn = await browser.SignInAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        var lines = server.Output.Skip(before).ToArray();
        Assert.All(
            lines
                .Where(IsHead)
                .CountBy(line => line)
                .Where(cause => !cause.Key.StartsWith("info: ", StringComparison.Ordinal)),
            cause => Assert.InRange(cause.Value, 1, 3)
        );
        Assert.Contains(lines, line => line.Contains("Redis does not answer", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal));
    }

    private static bool IsHead(string line) => line.Length > 6 && line[4] is ':' && char.IsAsciiLetterLower(line[0]);

    private static async Task ActAsync(string scenario, HubServer server, string token, HubConnection hub, int i)
    {
        switch (scenario)
        {
            case "refused calls":
                await Assert.ThrowsAnyAsync<Exception>(() =>
                    hub.InvokeAsync<WatchResult>("Watch", new WatchRequest([.. Enumerable.Repeat("x", 1001)]))
                );
                break;
            case "refused connections":
                await Assert.ThrowsAnyAsync<Exception>(async () =>
                {
                    await using var second = await ConnectAsync(server, token);
                    await second.InvokeAsync<PresenceEntry[]>("Get", Array.Empty<string>());
                });
                break;
            case "garbage tokens":
                using (var answer = await ReadAsync(server, $"eyJhbGciOiJub25lIn0.{i}."))
                {
                    Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
                }

                break;
            case "broken requests":
                var requests = BrokenRequests.With(token);
                await BrokenRequests.SendAsync(server, requests[i % requests.Length]);
                break;
            case "malformed bodies":
                using (var content = new StringContent("{", Encoding.UTF8, "application/json"))
                using (
                    var answer = await server.Http.PostAsync(
                        new Uri(i % 2 is 0 ? "/dev/token" : "/graph/lifecycle/x", UriKind.Relative),
                        content
                    )
                )
                {
                    Assert.InRange((int)answer.StatusCode, 400, 499);
                }

                break;
            case "cookies and codes that were made up":
                using (
                    var request = new HttpRequestMessage(
                        HttpMethod.Get,
                        i % 2 is 0 ? "/admin/accounts" : "/admin/accounts/callback?code=a&state=b"
                    )
                )
                {
                    request.Headers.Add("Cookie", $"presencehub-admin=CfDJ8{i}; presencehub-connect=CfDJ8{i}");
                    using var answer = await server.Http.SendAsync(request);
                    Assert.InRange((int)answer.StatusCode, 400, 499);
                }

                break;
            case "foreign origins":
                using (var request = new HttpRequestMessage(HttpMethod.Options, "/hubs/presence/negotiate"))
                {
                    request.Headers.Add("Origin", string.Create(CultureInfo.InvariantCulture, $"https://{i}.example"));
                    request.Headers.Add("Access-Control-Request-Method", "POST");
                    using var answer = await server.Http.SendAsync(request);
                    Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
                }

                break;
            default:
                await LeaveAsync(server, (await server.SignInAsync()).AccessToken);
                break;
        }
    }

    /// <summary>A client that is gone in the middle of a call, without a word.</summary>
    private static async Task LeaveAsync(HubServer server, string token)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(
            new UriBuilder(server.Address)
            {
                Scheme = "ws",
                Path = "/hubs/presence",
                Query = $"access_token={token}",
            }.Uri,
            timeout.Token
        );
        var get =
            $"{{\"protocol\":\"json\",\"version\":1}}\u001e{{\"type\":1,\"invocationId\":\"1\",\"target\":\"Get\",\"arguments\":[[\"{Guid.NewGuid()}\"]]}}\u001e";
        await socket.SendAsync(Encoding.UTF8.GetBytes(get), WebSocketMessageType.Text, true, timeout.Token);
        socket.Abort();
    }

    private static async Task<HubConnection> ConnectAsync(HubServer server, string token)
    {
        var hub = new HubConnectionBuilder()
            .WithUrl(new Uri(server.Address, "/hubs/presence"), HttpTransportType.WebSockets, options =>
                options.AccessTokenProvider = () => Task.FromResult<string?>(token)
            )
            .Build();
        await hub.StartAsync();
        return hub;
    }

    private static async Task<HttpResponseMessage> ReadAsync(HubServer server, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/presence?ids=x");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await server.Http.SendAsync(request);
    }
}
