using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using PresenceHub.Contracts;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>One user that takes all it can get, with a valid token and made-up ids.</summary>
[Collection(nameof(BadInputServer))]
public sealed class WatcherQuotaTests(BadInputServer shared)
{
    private HubServer Server => shared.Server;

    [Fact]
    public async Task Read_MadeUpIds_EndsAtTheQuotaAndLeavesOthersAlone()
    {
        var (token, _) = await Server.SignInAsync();
        for (var i = 0; i < 2; i++)
        {
            using var granted = await ReadAsync(token, RandomIds(1000));
            Assert.Equal(HttpStatusCode.OK, granted.StatusCode);
        }

        using var refused = await ReadAsync(token, RandomIds(1000));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter?.Delta);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(
            ("unavailable", "coldIdsPerMinute"),
            (problem.GetProperty("code").GetString(), problem.GetProperty("limit").GetString())
        );

        await using var other = await WatchingClient.ConnectAsync(Server);
        var person = (await Server.PeopleAsync())[^1];
        await other.Client.WatchAsync([person]);
        await other.LiveAsync(person);
    }

    [Fact]
    public async Task Watch_MadeUpIds_EndsAtTheQuotaWhileKnownPeopleCanStillBeWatched()
    {
        await using var hub = await ConnectAsync();
        var people = (await Server.PeopleAsync())[20..25];
        await using var other = await WatchingClient.ConnectAsync(Server);
        await other.Client.WatchAsync(people);
        await Task.WhenAll(people.Select(other.LiveAsync));
        for (var i = 0; i < 2; i++)
        {
            var ids = RandomIds(1000);
            await hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(ids));
            await hub.InvokeAsync("Unwatch", ids);
        }

        var refusal = await Assert.ThrowsAsync<HubException>(() =>
            hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(RandomIds(1000)))
        );

        Assert.Contains("unavailable: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("(coldIdsPerMinute); retry after ", refusal.Message, StringComparison.Ordinal);
        var watched = await hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(people));
        Assert.Equal(people, watched.Entries.Select(entry => entry.Id));
    }

    [Theory]
    [InlineData("{\"type\":6}")]
    [InlineData("{\"type\":1,\"invocationId\":\"1\",\"target\":\"Nothing\",\"arguments\":[]}")]
    [InlineData("{\"type\":1,\"invocationId\":\"1\",\"target\":\"Watch\",\"arguments\":[1,2,3]}")]
    [InlineData("{\"type\":5,\"invocationId\":\"1\"}")]
    [InlineData("{\"type\":1,\"invocationId\":\"1\",\"target\":\"Unwatch\",\"arguments\":[[]]}")]
    public async Task Messages_WithoutEnd_CloseTheConnectionWithTheCode(string message)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var socket = new ClientWebSocket();
        var (token, _) = await Server.SignInAsync();
        var address = new UriBuilder(Server.Address)
        {
            Scheme = "ws",
            Path = "/hubs/presence",
            Query = $"access_token={token}",
        }.Uri;
        await socket.ConnectAsync(address, timeout.Token);
        await SendAsync("{\"protocol\":\"json\",\"version\":1}\u001e");

        await SendAsync(string.Concat(Enumerable.Repeat($"{message}\u001e", 500)));

        var received = new StringBuilder();
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer, timeout.Token) is { MessageType: WebSocketMessageType.Text } part)
        {
            received.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
        }

        Assert.Contains("\"type\":7", received.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "limitExceeded: too many messages on this connection",
            received.ToString(),
            StringComparison.Ordinal
        );

        Task SendAsync(string text) =>
            socket.SendAsync(
                Encoding.UTF8.GetBytes(text),
                WebSocketMessageType.Text,
                endOfMessage: true,
                timeout.Token
            );
    }

    [Theory]
    [InlineData("/negotiate?negotiateVersion=1")]
    [InlineData("/negotiate?negotiateVersion=1&id=any")]
    [InlineData("/negotiate/?negotiateVersion=1")]
    public async Task Negotiate_InALoop_IsRefusedForThatUserAlone(string address)
    {
        var (token, _) = await Server.SignInAsync();
        var (otherToken, _) = await Server.SignInAsync();
        HttpResponseMessage? refused = null;
        for (var i = 0; i < 1000 && refused is null; i++)
        {
            var answer = await NegotiateAsync(token, address);
            refused = answer.StatusCode is HttpStatusCode.OK ? null : answer;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, refused?.StatusCode);
        Assert.NotNull(refused!.Headers.RetryAfter?.Delta);
        Assert.Equal(
            "connects",
            (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("limit").GetString()
        );
        using var other = await NegotiateAsync(otherToken, address);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("id=&")]
    [InlineData("id=any&")]
    public async Task WebSockets_InALoop_AreRefused(string query)
    {
        var (token, _) = await Server.SignInAsync();
        var status = HttpStatusCode.SwitchingProtocols;
        for (var i = 0; i < 1000 && status is HttpStatusCode.SwitchingProtocols; i++)
        {
            status = await OpenWebSocketAsync(token, query);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
    }

    [Fact]
    public async Task WebSockets_ThatWereNegotiated_CountOnce()
    {
        var (token, _) = await Server.SignInAsync();
        for (var i = 0; i < 60; i++)
        {
            using var answer = await NegotiateAsync(token, "/negotiate?negotiateVersion=1");
            var id = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("connectionToken").GetString();

            Assert.Equal(HttpStatusCode.SwitchingProtocols, await OpenWebSocketAsync(token, $"id={id}&"));
        }
    }

    [Fact]
    public async Task Read_Malformed_CountsAgainstTheRate()
    {
        var (token, _) = await Server.SignInAsync();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/presence")
            {
                Content = new StringContent("{", Encoding.UTF8, "application/json"),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await Server.Http.SendAsync(request);
            statuses.Add(answer.StatusCode);
        }

        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        Assert.Equal(HttpStatusCode.BadRequest, statuses[0]);
    }

    private static string[] RandomIds(int count) => [.. Enumerable.Range(0, count).Select(_ => $"{Guid.NewGuid()}")];

    private async Task<HttpResponseMessage> ReadAsync(string token, string[] ids)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/presence")
        {
            Content = JsonContent.Create(new { ids }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Server.Http.SendAsync(request);
    }

    private async Task<HttpStatusCode> OpenWebSocketAsync(string token, string query)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        var address = new UriBuilder(Server.Address)
        {
            Scheme = "ws",
            Path = "/hubs/presence",
            Query = $"{query}access_token={token}",
        }.Uri;
        try
        {
            await socket.ConnectAsync(address, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The status tells.
        }

        return socket.HttpStatusCode;
    }

    private async Task<HttpResponseMessage> NegotiateAsync(string token, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/hubs/presence{address}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Server.Http.SendAsync(request);
    }

    private async Task<HubConnection> ConnectAsync()
    {
        var (token, _) = await Server.SignInAsync();
        var hub = new HubConnectionBuilder()
            .WithUrl(new Uri(Server.Address, "/hubs/presence"), options =>
                options.AccessTokenProvider = () => Task.FromResult<string?>(token)
            )
            .Build();
        await hub.StartAsync();
        return hub;
    }
}
