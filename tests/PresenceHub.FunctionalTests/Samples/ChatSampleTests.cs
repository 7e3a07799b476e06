using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using PresenceHub.FunctionalTests.TypeScript;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Samples;

/// <summary>The chat sample beside a hub: its page in two browsers, and what its server refuses.</summary>
public sealed class ChatSampleTests
{
    [Fact]
    public async Task Page_InTwoBrowsers_CarriesMessagesTypingAndPresence()
    {
        await using var hub = await HubServer.StartAsync();
        await using var chat = await ChatServer.StartAsync(hub);

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
        await using var chat = await ChatServer.StartAsync(hub);
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
            await Assert.ThrowsAsync<HubException>(() => connection.InvokeAsync("Open", people));
        }

        foreach (var text in new[] { "", "  ", new string('a', 2_001) })
        {
            await Assert.ThrowsAsync<HubException>(() => connection.InvokeAsync("Send", id, text));
        }

        await using var outsider = await ConnectAsync(chat, outsiderToken);
        await Assert.ThrowsAsync<HubException>(() => outsider.InvokeAsync("Send", id, "Let me in"));
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

        var forged = $"{adaToken[..adaToken.LastIndexOf('.')]}.{graceToken[(graceToken.LastIndexOf('.') + 1)..]}";
        var refusal = await Assert.ThrowsAsync<HttpRequestException>(() => ConnectAsync(chat, forged));
        Assert.Equal(HttpStatusCode.Unauthorized, refusal.StatusCode);
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
