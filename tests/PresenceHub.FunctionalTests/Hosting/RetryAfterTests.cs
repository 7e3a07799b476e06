using System.Net;
using System.Net.Http.Headers;
using PresenceHub.FunctionalTests.Ingest;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>All endpoints of a hub that has lost Redis.</summary>
public sealed class RetryAfterTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();

    public async Task InitializeAsync() => await _redis.StartAsync();

    public async Task DisposeAsync() => await _redis.DisposeAsync();

    [Fact]
    public async Task Redis_Away_EveryRefusalSaysWhenToComeBack()
    {
        await using var server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string> { ["Redis__ConnectionString"] = _redis.ConnectionString }
        );
        using var administrator = await AccountsBrowser.SignInAsync(server);
        var (accessToken, _) = await server.SignInAsync();
        await _redis.KillAsync();
        await server.WaitForHealthAsync("/health/ready", healthy: false);

        using var readiness = await server.Http.GetAsync("/health/ready");
        AssertRetryAfter(readiness);

        using var read = new HttpRequestMessage(HttpMethod.Get, $"/api/presence?ids={Guid.NewGuid()}");
        read.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using var presence = await server.Http.SendAsync(read);
        AssertRetryAfter(presence);

        foreach (var path in (string[])["admin/accounts", "admin/accounts/connect/used"])
        {
            using var answer = await administrator.GetAsync(path);
            AssertRetryAfter(answer);
        }
    }

    private static void AssertRetryAfter(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero, $"{answer.RequestMessage?.RequestUri}");
    }
}
