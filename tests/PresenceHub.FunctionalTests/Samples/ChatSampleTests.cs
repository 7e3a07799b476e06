using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using PresenceHub.FunctionalTests.TypeScript;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Samples;

/// <summary>The chat sample beside a hub: its page in two browsers, and what its server refuses.</summary>
public sealed class ChatSampleTests
{
    private static readonly TimeSpan ShortLifetime = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Page_InTwoBrowsers_CarriesMessagesTypingAndPresence()
    {
        await using var hub = await HubServer.StartAsync();
        await using var chat = await ChatServer.StartAsync(hub.Address);

        await TypeScriptPackage.RunAsync(
            hub,
            hub.Emulator,
            new Dictionary<string, string> { ["CHAT_URL"] = chat.Address.ToString() },
            "chat"
        );
    }

    [Fact]
    public async Task Server_RefusesForgedTokensOutsidersAndBadInput()
    {
        await using var hub = await HubServer.StartInProcessAsync();
        await using var chat = await ChatServer.StartAsync(hub.Address);
        var (adaToken, ada) = await hub.SignInAsync();
        var (graceToken, grace) = await hub.SignInAsync();
        var (outsiderToken, _) = await hub.SignInAsync();

        await using var connection = await ConnectAsync(chat, adaToken);
        var opened = await connection.InvokeAsync<JsonElement>("Open", new[] { grace.ToUpperInvariant() });
        var again = await connection.InvokeAsync<JsonElement>("Open", new[] { grace, ada });
        var id = opened.GetProperty("id").GetGuid();
        Assert.Equal(id, again.GetProperty("id").GetGuid());

        foreach (
            var people in new string[][] { [], [ada], ["ada@contoso.com"], Enumerable.Repeat(grace, 20).ToArray() }
        )
        {
            await AssertRefusedAsync("no such conversation", () => connection.InvokeAsync("Open", people));
        }

        foreach (var text in new[] { "", "  ", new string('a', 2_001) })
        {
            await AssertRefusedAsync("the text is empty or too long", () => connection.InvokeAsync("Send", id, text));
        }

        await using var outsider = await ConnectAsync(chat, outsiderToken);
        var overheard = new List<Guid>();
        outsider.On<Guid, JsonElement>("MessageSent", (conversation, _) => overheard.Add(conversation));
        await AssertRefusedAsync("no such conversation", () => outsider.InvokeAsync("Send", id, "Let me in"));
        Assert.Empty((await outsider.InvokeAsync<JsonElement>("List")).EnumerateArray());

        for (var number = 1; number <= 201; number++)
        {
            await connection.InvokeAsync("Send", id, $"{number}");
        }

        await using var other = await ConnectAsync(chat, graceToken);
        var kept = Assert.Single((await other.InvokeAsync<JsonElement>("List")).EnumerateArray().ToArray());
        Assert.Equal(
            Enumerable.Range(2, 200),
            kept.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("number").GetInt32())
        );

        // The answer follows everything that the server has sent to the outsider before.
        await outsider.InvokeAsync<JsonElement>("List");
        Assert.Empty(overheard);

        var forged = $"{adaToken[..adaToken.LastIndexOf('.')]}.{graceToken[(graceToken.LastIndexOf('.') + 1)..]}";
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => ConnectAsync(chat, forged));
        Assert.Equal(HttpStatusCode.Unauthorized, refusal.StatusCode);
    }

    [Fact]
    public async Task Connection_TokenExpires_IsClosed()
    {
        await using var hub = await HubServer.StartInProcessAsync(
            new Dictionary<string, string> { ["Emulator__HubTokenLifetime"] = $"{ShortLifetime}" }
        );
        await using var chat = await ChatServer.StartAsync(hub.Address);

        // The first connection to a server that has just started may take longer than a token lasts.
        await Eventually.GetAsync(() => TryConnectAsync(chat, hub), isConnected => isConnected);

        var (token, _) = await hub.SignInAsync();
        await using var connection = await ConnectAsync(chat, token);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };

        // A connection that is closed before its handler was set has its state.
        if (connection.State is HubConnectionState.Connected)
        {
            await closed.Task.WaitAsync(Timeout);
        }

        Assert.Equal(HubConnectionState.Disconnected, connection.State);
    }

    [Fact]
    public async Task Token_WhileTheHubDoesNotAnswer_IsRefused()
    {
        // It takes connections and never answers.
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        await using var chat = await ChatServer.StartAsync(
            new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", ((IPEndPoint)hanging.LocalEndpoint).Port).Uri
        );

        // { "alg": "RS256" } and { "oid": "ada" }
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() =>
            ConnectAsync(chat, "eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiJhZGEifQ.c2lnbmVk")
        );

        Assert.Equal(HttpStatusCode.Unauthorized, refusal.StatusCode);
    }

    [Theory]
    [InlineData("contoso")]
    [InlineData("http://login.example/tenant")]
    public async Task Start_WithAnInvalidAuthority_NamesTheSetting(string authority)
    {
        var output = await ChatServer.RunToEndAsync(
            ("PresenceHub__ClientId", "page"),
            ("PresenceHub__Authority", authority),
            ("PresenceHub__HubScope", "hub/access"),
            ("PresenceHub__ChatScope", "chat/access"),
            ("PresenceHub__ChatAudience", "chat")
        );

        Assert.Contains("PresenceHub:Authority must be an https address", output, StringComparison.Ordinal);
    }

    private static async Task AssertRefusedAsync(string reason, Func<Task> call)
    {
        var refusal = await Assert.ThrowsAsync<HubException>(call);
        Assert.Contains("invalidRequest: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<bool> TryConnectAsync(ChatServer chat, HubServer hub)
    {
        var (token, _) = await hub.SignInAsync();
        try
        {
            await using var connection = await ConnectAsync(chat, token);
            return true;
        }
        catch (Exception refused) when (refused is HttpRequestException or AggregateException)
        {
            return false;
        }
    }

    private static async Task<HubConnection> ConnectAsync(ChatServer chat, string token)
    {
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(chat.Address, "/hubs/chat"), options =>
                options.AccessTokenProvider = () => Task.FromResult<string?>(token)
            )
            .Build();
        await connection.StartAsync();
        return connection;
    }
}
