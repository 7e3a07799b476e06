using System.Net;
using System.Net.WebSockets;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>What browsers may do from pages of other origins.</summary>
public sealed class CrossOriginTests(CrossOriginTests.SharedServer shared)
    : IClassFixture<CrossOriginTests.SharedServer>
{
    private const string Allowed = "https://intranet.example";
    private const string Foreign = "https://elsewhere.example";

    private HubServer Server => shared.Server;

    private string Own => Server.Address.GetLeftPart(UriPartial.Authority);

    [Theory]
    [InlineData("/hubs/presence/negotiate")]
    [InlineData("/api/presence")]
    public async Task Preflight_FromAnAllowedOrigin_IsAnswered(string path)
    {
        using var response = await SendAsync(HttpMethod.Options, path, Allowed, request =>
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-signalr-user-agent");
        });

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(Allowed, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("true", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Credentials")));
    }

    [Theory]
    [InlineData(Foreign)]
    [InlineData("null")]
    [InlineData("http://intranet.example")]
    [InlineData("https://intranet.example.elsewhere.example")]
    public async Task Read_FromAForeignOrigin_IsForbiddenWithoutData(string origin)
    {
        using var response = await SendAsync(HttpMethod.Get, $"/api/presence?ids={Guid.NewGuid()}", origin);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Contains("unauthorized", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_FromAnAllowedOriginOrThePageItselfOrNoBrowser_IsAnswered()
    {
        foreach (var origin in new[] { Allowed, Own, null })
        {
            using var response = await SendAsync(HttpMethod.Get, $"/api/presence?ids={Guid.NewGuid()}", origin);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(origin is not null, response.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Theory]
    [InlineData("capacitor://localhost")]
    [InlineData("chrome-extension://abcdefghijklmnopabcdefghijklmnop")]
    [InlineData("https://xn--bcher-kva.example")]
    [InlineData("http://localhost:5173")]
    [InlineData("https://127.0.0.1:3000")]
    [InlineData("http://[::1]:8080")]
    public async Task PagesOfAppsIdnHostsAndInSimulationThisMachine_MayUseTheHubAndTheDevelopmentEndpoints(
        string origin
    )
    {
        Assert.Equal(HttpStatusCode.SwitchingProtocols, await OpenWebSocketAsync(origin));
        foreach (
            var (method, path) in new[]
            {
                (HttpMethod.Get, "/api/presence?ids=a"),
                (HttpMethod.Get, "/dev/people"),
                (HttpMethod.Post, "/dev/token"),
            }
        )
        {
            using var response = await SendAsync(method, path, origin);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(origin, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        }
    }

    [Fact]
    public async Task Read_WithTheDefaultPortInTheHost_IsOfThePageItself()
    {
        using var response = await SendAsync(HttpMethod.Get, "/api/presence?ids=a", "https://hub.example", request =>
            request.Headers.Host = "hub.example:443"
        );

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Refusal_OfAForeignOrigin_IsLoggedOnceWithTheSetting()
    {
        // Of its own, since one line a minute is logged in all.
        await using var server = await HubServer.StartInProcessAsync();
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/dev/people")
            {
                Headers = { { "Origin", Foreign } },
            };
            using var response = await server.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }

        Assert.Contains("Http:AllowedOrigins", await server.OutputLineAsync(Foreign), StringComparison.Ordinal);
        Assert.Equal(0, await server.StopAsync());
        Assert.Single(server.Output, line => line.Contains(Foreign, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_WithoutATokenFromAnAllowedOrigin_IsRefusedWithCorsHeaders()
    {
        using var response = await SendAsync(HttpMethod.Get, "/api/presence?ids=a", Allowed, request =>
            request.Headers.Authorization = null
        );

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(Allowed, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData(Allowed)]
    [InlineData(Foreign)]
    public async Task Description_FromAnotherOrigin_IsAnsweredWithoutCorsHeaders(string origin)
    {
        using var response = await SendAsync(HttpMethod.Get, "/openapi/v1.json", origin);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task WebSocket_FromAForeignOrigin_IsNotOpened()
    {
        Assert.Equal(HttpStatusCode.Forbidden, await OpenWebSocketAsync(Foreign));
        foreach (var origin in new[] { Allowed, Own, null })
        {
            Assert.Equal(HttpStatusCode.SwitchingProtocols, await OpenWebSocketAsync(origin));
        }
    }

    [Fact]
    public async Task Start_WithAnInvalidOrigin_NamesTheSetting()
    {
        foreach (
            var wrong in new[]
            {
                "*",
                "intranet.example",
                "https://intranet.example/",
                "https://*.example",
                "ftp://intranet.example",
            }
        )
        {
            var (exitCode, output) = await HubServer.RunToEndInProcessAsync(
                new Dictionary<string, string>
                {
                    ["ASPNETCORE_ENVIRONMENT"] = "Development",
                    ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                    ["Emulator__Port"] = "0",
                    ["Http__AllowedOrigins__0"] = wrong,
                }
            );

            Assert.Equal(78, exitCode);
            Assert.Contains("Http:AllowedOrigins:0 must be an origin", output, StringComparison.Ordinal);
        }
    }

    private async Task<HttpStatusCode> OpenWebSocketAsync(string? origin)
    {
        var (token, _) = await Server.SignInAsync();
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        try
        {
            await socket.ConnectAsync(
                new UriBuilder(Server.Address)
                {
                    Scheme = "ws",
                    Path = "/hubs/presence",
                    Query = $"access_token={token}",
                }.Uri,
                CancellationToken.None
            );
        }
        catch (WebSocketException)
        {
            // The status tells why.
        }

        return socket.HttpStatusCode;
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string? origin,
        Action<HttpRequestMessage>? change = null
    )
    {
        var (token, _) = await Server.SignInAsync();
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new("Bearer", token);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        change?.Invoke(request);
        return await Server.Http.SendAsync(request);
    }

    public sealed class SharedServer()
        : SharedHub(
            ("Http__AllowedOrigins__0", Allowed),
            ("Http__AllowedOrigins__1", "capacitor://localhost"),
            ("Http__AllowedOrigins__2", "chrome-extension://abcdefghijklmnopabcdefghijklmnop"),
            ("Http__AllowedOrigins__3", "https://bücher.example")
        );
}
