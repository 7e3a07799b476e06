using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using PresenceHub.GraphEmulator;
using PresenceHub.Testing;
using PresenceHub.Testing.Proxies;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>A hub whose token issuer cannot be reached at first.</summary>
public sealed class AuthorityTests : IAsyncLifetime
{
    private EmulatedTenant _tenant = null!;
    private TcpProxy _wayToIssuer = null!;
    private HubServer _hub = null!;

    public async Task InitializeAsync()
    {
        _tenant = await EmulatedTenant.StartAsync(new GraphEmulatorOptions { ChangePeriod = TimeSpan.Zero });
        _wayToIssuer = new TcpProxy(_tenant.Graph.BaseAddress);
        _wayToIssuer.Cut();
        var settings = _tenant.Settings;
        settings["Authentication__Authority"] =
            $"https://localhost:{_wayToIssuer.Address.Port}/{_tenant.Options.TenantId}/v2.0";
        _hub = await HubServer.StartInProcessAsync(settings);
    }

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _wayToIssuer.DisposeAsync();
        await _tenant.DisposeAsync();
    }

    [Fact]
    public async Task Token_WhileTheIssuerIsAway_IsAnsweredUnavailableWithRetryAfter()
    {
        var token = await _tenant.Emulator.ApplicationTokenAsync(_tenant.Options);

        foreach (
            var (method, path) in (IEnumerable<(HttpMethod, string)>)
                [
                    (HttpMethod.Get, "/api/presence?ids=x"),
                    (HttpMethod.Post, "/hubs/presence/negotiate?negotiateVersion=1"),
                    (HttpMethod.Get, "/admin/accounts"),
                ]
        )
        {
            using var answer = await SendAsync(method, path, token);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
            Assert.Equal(
                "unavailable",
                (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()
            );
        }

        using var withoutToken = await SendAsync(HttpMethod.Get, "/api/presence?ids=x", token: null);
        Assert.Equal(HttpStatusCode.Unauthorized, withoutToken.StatusCode);
    }

    [Fact]
    public async Task Health_WhileTheIssuerIsAway_IsDegradedAndOneLineSaysWhy()
    {
        var token = await _tenant.Emulator.ApplicationTokenAsync(_tenant.Options);
        for (var i = 0; i < 20; i++)
        {
            using var answer = await SendAsync(HttpMethod.Get, "/api/presence?ids=x", token);
        }

        using var ready = await _hub.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        var health = await ready.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Contains(
            "Authentication:Authority",
            health.GetProperty("failures").GetProperty("authority").GetString(),
            StringComparison.Ordinal
        );
        Assert.Single(_hub.Output, line =>
            line.Contains("Cannot fetch the signing keys of Authentication:Authority", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(_hub.Output, line => line.Contains("token was refused", StringComparison.Ordinal));
        Assert.Matches(
            "(?m)^presencehub_authentication_ready.* 0$",
            await _hub.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative))
        );
    }

    [Fact]
    public async Task Issuer_Returns_TokensAreCheckedAndRefusalsAreLoggedOncePerCode()
    {
        _wayToIssuer.Mend();
        await _hub.OutputLineAsync("The signing keys of Authentication:Authority are known");
        using var accepted = await SendAsync(
            HttpMethod.Get,
            "/api/presence?ids=x",
            await _tenant.Emulator.ApplicationTokenAsync(_tenant.Options)
        );
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        _tenant.Options.HubAudience = "api://another-hub";
        var token = await _tenant.Emulator.ApplicationTokenAsync(_tenant.Options);

        for (var i = 0; i < 20; i++)
        {
            using var answer = await SendAsync(HttpMethod.Get, "/api/presence?ids=x", token);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        Assert.Contains(
            "IDX10214",
            Assert.Single(_hub.Output, line => line.Contains("token was refused", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(_hub.Output, line => line.Contains(token, StringComparison.Ordinal));
        Assert.Matches(
            "(?m)^presencehub_authentication_refused_total{.*error=\"IDX10214\"} 20$",
            await _hub.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative))
        );
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await _hub.Http.SendAsync(request);
    }
}
