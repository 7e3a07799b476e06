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
    private readonly RedisServer _redis = new();
    private readonly GraphEmulatorOptions _options = new() { ChangePeriod = TimeSpan.Zero };
    private readonly string _rootPath = Path.GetTempFileName();
    private GraphEmulatorServer _graph = null!;
    private TcpProxy _wayToIssuer = null!;
    private HubServer _hub = null!;

    public async Task InitializeAsync()
    {
        _graph = await GraphEmulatorServer.StartAsync(_options, TimeProvider.System, null, CancellationToken.None);
        await File.WriteAllTextAsync(_rootPath, _graph.RootCertificatePem);
        await _redis.StartAsync();
        _wayToIssuer = new TcpProxy(_graph.BaseAddress);
        _wayToIssuer.Cut();
        _hub = await HubServer.StartAsync(new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Redis__ConnectionString"] = _redis.ConnectionString,
            ["Graph__BaseUrl"] = new Uri(_graph.BaseAddress, "/v1.0").ToString(),
            ["Graph__AuthorityHost"] = _graph.BaseAddress.ToString(),
            ["Graph__TrustedRootPath"] = _rootPath,
            ["Graph__TenantId"] = _options.TenantId,
            ["Graph__ClientId"] = _options.ClientId,
            ["Graph__ClientSecret"] = _options.ClientSecret,
            ["Authentication__Authority"] = $"https://localhost:{_wayToIssuer.Address.Port}/{_options.TenantId}/v2.0",
            ["Authentication__Audience"] = _options.HubAudience,
        });
    }

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _redis.DisposeAsync();
        await _wayToIssuer.DisposeAsync();
        await _graph.DisposeAsync();
        File.Delete(_rootPath);
    }

    [Fact]
    public async Task Token_WhileTheIssuerIsAway_IsNotJudgedAndTheClientIsAskedToComeBack()
    {
        using var emulator = new EmulatorControl(_graph.BaseAddress);
        var token = await emulator.ApplicationTokenAsync(_options);

        foreach (var (method, path) in (IEnumerable<(HttpMethod, string)>)
            [(HttpMethod.Get, "/api/presence?ids=x"), (HttpMethod.Post, "/hubs/presence/negotiate?negotiateVersion=1"), (HttpMethod.Get, "/admin/accounts")])
        {
            using var answer = await SendAsync(method, path, token);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
            Assert.Equal("unavailable", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }

        using var withoutToken = await SendAsync(HttpMethod.Get, "/api/presence?ids=x", token: null);
        Assert.Equal(HttpStatusCode.Unauthorized, withoutToken.StatusCode);
    }

    [Fact]
    public async Task Health_WhileTheIssuerIsAway_IsDegradedAndOneLineSaysWhy()
    {
        using var emulator = new EmulatorControl(_graph.BaseAddress);
        var token = await emulator.ApplicationTokenAsync(_options);
        for (var i = 0; i < 20; i++)
        {
            using var answer = await SendAsync(HttpMethod.Get, "/api/presence?ids=x", token);
        }

        using var ready = await _hub.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        var health = await ready.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Contains("Authentication:Authority", health.GetProperty("failures").GetProperty("authority").GetString(), StringComparison.Ordinal);
        Assert.Single(_hub.Output, line => line.Contains("Cannot fetch the signing keys of Authentication:Authority", StringComparison.Ordinal));
        Assert.DoesNotContain(_hub.Output, line => line.Contains("token was refused", StringComparison.Ordinal));
        Assert.Matches("(?m)^presencehub_authentication_ready.* 0$", await _hub.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative)));
    }

    [Fact]
    public async Task Issuer_Returns_TokensAreJudgedAndRefusalsAreLoggedOnceByTheirCode()
    {
        using var emulator = new EmulatorControl(_graph.BaseAddress);
        _wayToIssuer.Mend();
        await _hub.OutputLineAsync("The signing keys of Authentication:Authority are known");
        using var accepted = await SendAsync(HttpMethod.Get, "/api/presence?ids=x", await emulator.ApplicationTokenAsync(_options));
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        _options.HubAudience = "api://another-hub";
        var token = await emulator.ApplicationTokenAsync(_options);

        for (var i = 0; i < 20; i++)
        {
            using var answer = await SendAsync(HttpMethod.Get, "/api/presence?ids=x", token);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        Assert.Contains("IDX10214", Assert.Single(_hub.Output, line => line.Contains("token was refused", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain(_hub.Output, line => line.Contains(token, StringComparison.Ordinal));
        Assert.Matches(
            "(?m)^presencehub_authentication_refused_total{.*error=\"IDX10214\"} 20$",
            await _hub.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative)));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await _hub.Http.SendAsync(request);
    }
}
