using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using PresenceHub.Contracts;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>What is asked of a node beyond its rates is refused with a time to come back.</summary>
public sealed class AdmissionTests : IAsyncLifetime
{
    private const int IdBurst = 1_000;
    private const int Connects = 20;

    private HubServer _server = null!;

    public async Task InitializeAsync() =>
        _server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string>
            {
                ["Admission__ConnectsPerSecond"] = "1",
                ["Admission__ConnectBurst"] = "2",
                ["Admission__IdsPerSecond"] = "1",
                ["Admission__IdBurst"] = $"{IdBurst}",
                ["Admission__MaxWait"] = "00:00:00",
            }
        );

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Node_AskedForMoreThanItsRates_RefusesWithATimeToComeBackAndLogsNothing()
    {
        var (token, _) = await _server.SignInAsync();
        await using var hub = new HubConnectionBuilder()
            .WithUrl(new Uri(_server.Address, "/hubs/presence"), http =>
                http.AccessTokenProvider = () => Task.FromResult<string?>(token)
            )
            .Build();
        await hub.StartAsync();
        string[] ids = [.. Enumerable.Range(0, IdBurst).Select(_ => $"{Guid.NewGuid()}")];
        await hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(ids));

        var busy = await Assert.ThrowsAsync<HubException>(() =>
            hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(ids))
        );
        Assert.Matches(
            "unavailable: more is asked of this node than it can answer; retry after [0-9]+ ms$",
            busy.Message
        );
        using var overHttp = await SendAsync(
            HttpMethod.Get,
            $"/api/presence?ids={string.Join(',', ids[..100])}",
            token
        );
        await AssertRefusedAsync(overHttp);

        // Two connections can be opened at once, and one more each second: most of these are too many.
        var connects = await Task.WhenAll(
            Enumerable
                .Range(0, Connects)
                .Select(_ => SendAsync(HttpMethod.Post, "/hubs/presence/negotiate?negotiateVersion=1", token))
        );
        var refused = connects.Where(connect => connect.StatusCode is not HttpStatusCode.OK).ToArray();
        Assert.NotEmpty(refused);
        foreach (var connect in refused)
        {
            await AssertRefusedAsync(connect);
        }

        // Admitted ones are malformed, and are answered without a stream.
        var streams = await Task.WhenAll(
            Enumerable.Range(0, Connects).Select(_ => SendAsync(HttpMethod.Get, "/api/presence/stream?id=any", token))
        );
        var refusedStreams = streams.Where(stream => stream.StatusCode is not HttpStatusCode.BadRequest).ToArray();
        Assert.NotEmpty(refusedStreams);
        foreach (var stream in refusedStreams)
        {
            await AssertRefusedAsync(stream);
        }

        // These open none, so they take no place.
        using var other = await SendAsync(HttpMethod.Post, "/api/presence/stream", token);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, other.StatusCode);
        using var elsewhere = await SendAsync(HttpMethod.Get, "/api/presence/stream/elsewhere", token);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);

        using var anonymous = await SendAsync(
            HttpMethod.Post,
            "/hubs/presence/negotiate?negotiateVersion=1",
            token: null
        );
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);

        var metrics = await _server.Http.GetStringAsync("/metrics");
        Assert.Matches(
            $"(?m)^presencehub_admission_refused_total{{[^}}]*kind=\"connect\"}} {refused.Length + refusedStreams.Length}\\s*$",
            metrics
        );
        Assert.NotEmpty(_server.Output);
        Assert.DoesNotContain(_server.Output, line =>
            line.Contains("fail: Microsoft.AspNetCore", StringComparison.Ordinal)
        );
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        var problem = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        Assert.Equal("unavailable", problem.GetProperty("code").GetString());
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await _server.Http.SendAsync(request);
    }
}
