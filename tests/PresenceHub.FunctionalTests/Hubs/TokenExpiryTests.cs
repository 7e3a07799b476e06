using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>A token is over at its end, and clients are told so, whatever they are doing then.</summary>
public sealed class TokenExpiryTests(TokenExpiryTests.SharedServer shared)
    : IClassFixture<TokenExpiryTests.SharedServer>
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private HubServer Server => shared.Server;

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task Connection_TokenExpires_IsClosedWithTheCode(HttpTransportType transport)
    {
        var (token, _) = await Server.SignInAsync();
        await using var hub = new HubConnectionBuilder()
            .WithUrl(new Uri(Server.Address, "/hubs/presence"), http =>
            {
                http.Transports = transport;
                http.AccessTokenProvider = () => Task.FromResult<string?>(token);
            })
            .Build();
        var closed = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Closed += error =>
        {
            closed.SetResult(error);
            return Task.CompletedTask;
        };

        await hub.StartAsync();
        var error = await closed.Task.WaitAsync(Timeout);

        Assert.EndsWith(
            "HubException: tokenExpired: The token has expired",
            Assert.IsType<HubException>(error).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Stream_TokenExpires_EndsWithTheCode()
    {
        using var stream = await EventStreamClient.OpenAsync(Server, $"?ids={(await Server.PeopleAsync())[0]}");

        await stream.Ended.WaitAsync(Timeout);

        var last = stream.Events.All[^1];
        Assert.Equal("closed", last.Name);
        Assert.Equal("tokenExpired", last.Data.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("POST", "/hubs/presence/negotiate?negotiateVersion=1")]
    [InlineData("GET", "/hubs/presence")]
    [InlineData("GET", "/api/presence?ids=a")]
    [InlineData("GET", "/api/presence/stream")]
    public async Task Request_TokenPastItsEndWithinTheClockSkew_IsRefusedWithTheCode(string method, string path)
    {
        var (token, _) = await Server.SignInAsync();

        var refused = await Eventually.GetAsync(
            () => SendAsync(new HttpMethod(method), path, token),
            answer => answer.Status is HttpStatusCode.Unauthorized
        );

        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.Equal(
            "tokenExpired",
            JsonSerializer.Deserialize<JsonElement>(refused.Body).GetProperty("code").GetString()
        );
    }

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string path, string token)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await Server.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public sealed class SharedServer() : SharedHub(("Emulator__HubTokenLifetime", $"{Lifetime}"));
}
