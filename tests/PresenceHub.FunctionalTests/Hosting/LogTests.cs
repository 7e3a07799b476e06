using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Web;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using PresenceHub.Contracts;
using PresenceHub.FunctionalTests.Ingest;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>What the log holds, and how much, whatever clients do and whatever the operator has set.</summary>
public sealed class LogTests
{
    private const string Marker = "S3cretM4rker";
    private const string Activity = "Focusing";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Log_EverythingAtTrace_HoldsNeitherQueriesNorSecretsNorPresence()
    {
        await using var tenant = await AccountsTenant.StartAsync();
        await using var server = await tenant.StartHubProcessAsync(
            ("Logging__LogLevel__Default", "Trace"),
            ("Logging__LogLevel__Microsoft", "Trace"),
            ("Logging__Console__LogLevel__Default", "Trace"),
            ("Logging__Console__LogLevel__Microsoft.AspNetCore.Hosting.Diagnostics", "Trace"),
            ("Logging__Console__FormatterOptions__IncludeScopes", "true")
        );
        var secrets = new List<string> { Marker, Activity, "access_token=", "validationToken", "code_challenge" };

        var people = await tenant.PeopleAsync(3);
        foreach (
            var transport in (HttpTransportType[])
                [HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling]
        )
        {
            var (token, _) = await server.SignInAsync();
            secrets.Add(token);
            await using var hub = await ConnectAsync(server, token, transport);
            await hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(people));
            await hub.InvokeAsync<PresenceEntry[]>("Get", (string[])[people[0], $"{Guid.NewGuid()}"]);
            await Assert.ThrowsAnyAsync<Exception>(() => hub.InvokeAsync("Nothing", Marker));
            await hub.InvokeAsync("Unwatch", people);
        }

        await using (var client = await WatchingClient.ConnectAsync(server))
        {
            await client.Client.WatchAsync(people);
            using var browser = new AccountsBrowser(server.Address);
            using var signedIn = await browser.SignInAsync();
            var callback = HttpUtility.ParseQueryString((await browser.ConnectAsync(tenant.AccountIds[0])).Query);
            secrets.AddRange([callback["code"]!, callback["state"]!]);
            var link = await browser.CreateLinkAsync();
            secrets.Add(link.Split('/')[^1]);
            await browser.LeaveAsync(tenant.AccountIds[1], link);
            await AccountsTenant.UntilAsync("covered", server, async () => await tenant.CoveredAsync() is 3);
            var subscription = (await tenant.SubscriptionsAsync())[0];
            secrets.Add(new Uri(subscription.GetProperty("notificationUrl").GetString()!).Segments[^1]);
            await tenant.SetPresenceAsync(people[0], "DoNotDisturb", Activity);
            await client.ShowsAsync(people[0], "DoNotDisturb");
            using var removed = await browser.DeleteAsync(tenant.AccountIds[0], withHeader: true);
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        }

        foreach (
            var path in (string[])
                [
                    $"/api/presence?ids={people[0]}&access_token={Marker}",
                    $"/hubs/presence?access_token={Marker}",
                    $"/hubs/presence?id={Marker}",
                    $"/admin/accounts/callback?code={Marker}&state={Marker}",
                    $"/admin/accounts/connect/{Marker}",
                    $"/graph/notifications/{Marker}?validationToken={Marker}",
                    $"/nothing/{Marker}?q={Marker}",
                ]
        )
        {
            using var answer = await server.Http.GetAsync(new Uri(path, UriKind.Relative));
            using var posted = await server.Http.PostAsync(new Uri(path, UriKind.Relative), new StringContent(Marker));
        }

        foreach (var (_, request) in BrokenRequests(Marker))
        {
            await SendRawAsync(server, request);
        }

        // The output is complete when the process has ended.
        await server.StopAsync();

        var log = string.Join('\n', server.Output);
        Assert.Contains("dbug: ", log, StringComparison.Ordinal);
        Assert.Contains("Audit: account.connect", log, StringComparison.Ordinal);
        Assert.All(secrets, Assert.NotEmpty);
        Assert.DoesNotContain(secrets, secret => log.Contains(secret, StringComparison.Ordinal));
    }

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
        await using var hub = await ConnectAsync(server, token, HttpTransportType.WebSockets);
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

    /// <summary>Requests that are none, each with a secret at the place where it would be in a true one.</summary>
    private static IEnumerable<(string Name, string Request)> BrokenRequests(string secret) =>
        [
            ("line", $"GET /hubs/presence?access_token={secret} HTTP/9.9\r\nHost: x\r\n\r\n"),
            ("target", $"GET hubs?access_token={secret}\x01 HTTP/1.1\r\nHost: x\r\n\r\n"),
            (
                "header",
                $"GET /hubs/presence?access_token={secret} HTTP/1.1\r\nHost: x\r\nAuthorization {secret}\r\n\r\n"
            ),
            ("host", $"GET /hubs/presence?access_token={secret} HTTP/1.1\r\nHost: {secret} x\r\n\r\n"),
            (
                "chunk",
                $"POST /api/presence?access_token={secret} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz{secret}\r\n"
            ),
            (
                "chunk of a development token",
                "POST /dev/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            ),
            (
                "chunk of a notification",
                $"POST /graph/notifications/{secret} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz{secret}\r\n"
            ),
        ];

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
                    await using var second = await ConnectAsync(server, token, HttpTransportType.WebSockets);
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
                var requests = BrokenRequests(token).ToArray();
                await SendRawAsync(server, requests[i % requests.Length].Request);
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

    private static async Task<HubConnection> ConnectAsync(HubServer server, string token, HttpTransportType transport)
    {
        var hub = new HubConnectionBuilder()
            .WithUrl(new Uri(server.Address, "/hubs/presence"), transport, options =>
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

    private static async Task SendRawAsync(HubServer server, string request)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.Address.Host, server.Address.Port, timeout.Token);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), timeout.Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadLineAsync(timeout.Token);
        Assert.Matches("^HTTP/1.1 (4..|505) ", answer);
    }
}
