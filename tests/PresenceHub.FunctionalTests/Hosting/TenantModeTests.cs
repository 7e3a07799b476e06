using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using PresenceHub.Contracts;
using PresenceHub.GraphEmulator;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>The server as in a real tenant, whose Graph and authority are merely another process'
/// _tenant.Emulator.</summary>
public sealed class TenantModeTests : IAsyncLifetime
{
    private const string ClientId = "c11e0000-0000-4000-8000-00000000c0de";

    private EmulatedTenant _tenant = null!;
    private HubServer _hub = null!;

    public async Task InitializeAsync()
    {
        _tenant = await EmulatedTenant.StartAsync(
            new GraphEmulatorOptions { ChangePeriod = TimeSpan.Zero, HubAudience = ClientId }
        );
        var settings = _tenant.Settings;

        // Ids as an operator may paste them; whose tokens are accepted follows from them.
        settings["Graph__TenantId"] = _tenant.Options.TenantId.ToUpperInvariant();
        settings["Graph__ClientId"] = ClientId.ToUpperInvariant();
        settings.Remove("Authentication__Audience");
        _hub = await HubServer.StartInProcessAsync(settings);
    }

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _tenant.DisposeAsync();
    }

    [Fact]
    public async Task DevelopmentEndpoints_InTenantMode_DoNotExist()
    {
        using var token = await _hub.Http.PostAsync(new Uri("/dev/token", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.NotFound, token.StatusCode);
        using var people = await _hub.Http.GetAsync(new Uri("/dev/people", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, people.StatusCode);
        using var signIn = await _hub.Http.GetAsync(new Uri("/admin/signin", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, signIn.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/playground/")]
    [InlineData("GET", "/playground/index.html")]
    [InlineData("GET", "/playground/control")]
    [InlineData("PUT", "/playground/control/faults")]
    [InlineData("POST", "/playground/control/store/restart")]
    public async Task Playground_InTenantMode_DoesNotExist(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            await _tenant.Emulator.ApplicationTokenAsync(_tenant.Options)
        );

        using var answer = await _hub.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Description_InTenantMode_LeavesTheDevelopmentEndpointsOut()
    {
        var document = await _hub.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        Assert.Equal(
            [
                "/api/people",
                "/api/people/{id}/photo",
                "/api/presence",
                "/api/presence/stream",
                "/health/live",
                "/health/ready",
                "/metrics",
            ],
            document.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order()
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("presencehub-admin=forged")]
    public async Task Administration_WithoutAToken_IsUnauthorizedWhateverTheCookie(string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/admin/accounts");
        request.Headers.Add("Cookie", cookie is null ? [] : [cookie]);
        using var answer = await _hub.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("unauthorized", problem.GetProperty("code").GetString());
        await _hub.OutputLineAsync(
            "Audit: account.list by anonymous on nothing: refused (401), and 0 others since the last such line"
        );
    }

    [Theory]
    [InlineData("GET", "/api/presence?ids=x")]
    [InlineData("POST", "/hubs/presence/negotiate?negotiateVersion=1")]
    [InlineData("GET", "/hubs/presence")]
    [InlineData("GET", "/admin/accounts")]
    public async Task Token_OfAnApplicationThatWasGrantedNothing_IsForbiddenAndNamesTheRole(string method, string path)
    {
        _tenant.Options.HubApplicationRoles = string.Empty;
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            await _tenant.Emulator.ApplicationTokenAsync(_tenant.Options)
        );

        using var answer = await _hub.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("unauthorized", problem.GetProperty("code").GetString());
        Assert.Equal(
            "The token of an application needs the app role PresenceHub.Watch in roles",
            problem.GetProperty("detail").GetString()
        );
    }

    [Fact]
    public async Task Read_WithATokenOfTheTenant_IsAnsweredFromGraph()
    {
        var id = (await _tenant.Emulator.PeopleAsync())[0];
        var token = await _tenant.Emulator.ApplicationTokenAsync(_tenant.Options);

        var entry = await Eventually.GetAsync(ReadAsync, entry => entry.Freshness is Freshness.Live);

        var (availability, activity) = await _tenant.Emulator.PresenceOfAsync(id);
        Assert.Equal((availability, activity), (entry.Availability, entry.Activity));

        async Task<PresenceEntry> ReadAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/presence?ids={id}");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await _hub.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return Assert.Single((await answer.Content.ReadFromJsonAsync<WatchResult>())!.Entries);
        }
    }
}
