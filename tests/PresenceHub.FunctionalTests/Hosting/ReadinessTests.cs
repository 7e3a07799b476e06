using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using PresenceHub.Contracts;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>What probes and balancers are told while Redis is away, and what the node still serves.</summary>
public sealed class ReadinessTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();

    public Task InitializeAsync() => _redis.StartAsync();

    public async Task DisposeAsync() => await _redis.DisposeAsync();

    /// <summary>Without the setting it is not ready: <see cref="RedisOutageTests"/>.</summary>
    [Fact]
    public async Task Redis_Away_NodeThatMayStayInRotationIsReadyAndServesWhatItKnowsAsStale()
    {
        await using var server = await StartAsync(_redis.ConnectionString);
        await using var client = await WatchingClient.ConnectAsync(server);
        var (token, _) = await server.SignInAsync();
        var id = (await server.PeopleAsync())[0];
        await client.Client.WatchAsync([id]);
        var live = await client.LiveAsync(id);

        await _redis.KillAsync();
        await client.Entries.FirstAsync(entry => entry.Id == id && entry.Freshness is Freshness.Stale);

        Assert.Equal(
            (HttpStatusCode.OK, "degraded"),
            await Eventually.GetAsync(() => ReadinessAsync(server), answer => answer.Word is not "ok")
        );
        Assert.Equal(0, await HealthCheck.RunAsync("ASPNETCORE_URLS", server.Address.ToString()));

        // A new client and a read of what the node knows.
        await using var late = await WatchingClient.ConnectAsync(server);
        await late.Client.WatchAsync([id]);
        Assert.Equal((live.Availability, Freshness.Stale), Shown(late.Client.Entries[id]));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/presence?ids={id}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var read = await server.Http.SendAsync(request);
        Assert.Equal(
            (live.Availability, Freshness.Stale),
            Shown(Assert.Single((await read.Content.ReadFromJsonAsync<WatchResult>())!.Entries))
        );
    }

    [Fact]
    public async Task Redis_NeverReached_NodeIsNotReadyWhateverIsConfigured()
    {
        await _redis.KillAsync();
        await using var server = await StartAsync(_redis.ConnectionString, untilReady: false);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable"), await ReadinessAsync(server));
        Assert.Equal(0, await HealthCheck.RunAsync("ASPNETCORE_URLS", server.Address.ToString()));
    }

    private static Task<HubServer> StartAsync(string redis, bool untilReady = true) =>
        HubServer.StartInProcessAsync(
            new Dictionary<string, string>
            {
                ["Redis__ConnectionString"] = redis,
                ["Health__ReadyWithoutRedis"] = "true",
            },
            untilReady
        );

    private static (string Availability, string Freshness) Shown(PresenceEntry entry) =>
        (entry.Availability, entry.Freshness);

    private static async Task<(HttpStatusCode Status, string Word)> ReadinessAsync(HubServer server)
    {
        using var answer = await server.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        return (
            answer.StatusCode,
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString()!
        );
    }
}
