using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http.Connections;
using PresenceHub.Client;
using PresenceHub.Contracts;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>A client shows the code with which the hub refuses it, and does not come back at once.</summary>
public sealed class ConnectRefusalTests(ConnectRefusalTests.SharedServer shared)
    : IClassFixture<ConnectRefusalTests.SharedServer>
{
    private const HttpTransportType AnyTransport =
        HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling;

    private HubServer Server => shared.Server;

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task Connection_BeyondTheLimitOfTheUser_ShowsLimitExceeded(HttpTransportType transport)
    {
        var (token, _) = await Server.SignInAsync();
        var tokens = new TokenSource(token);
        await using var first = NewClient(tokens, transport);
        await first.StartAsync();

        // The hub counts a connection after its handshake, and before its first call.
        await first.GetAsync([$"{Guid.NewGuid()}"]);
        await using var second = NewClient(tokens, transport);
        var refused = RefusalsOf(second);
        await second.StartAsync();

        var (_, refusal) = await refused.FirstAsync(_ => true);

        Assert.Equal(ErrorCode.LimitExceeded, refusal.Code);
        Assert.Equal(ErrorCode.LimitExceeded, second.Status.Error?.Code);
        Assert.Equal((PresenceConnectionState.Connected, null), (first.Status.State, first.Status.Error));
        Assert.Equal([false, false], tokens.Refreshes);
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    [InlineData(AnyTransport)]
    public async Task Connection_WrongAddress_ShowsInvalidRequest(HttpTransportType transport)
    {
        var (token, _) = await Server.SignInAsync();
        var tokens = new TokenSource(token);
        await using var client = NewClient(tokens, transport, "/hubs/elsewhere");
        var refused = RefusalsOf(client);
        var starting = client.StartAsync();

        var (state, refusal) = await refused.FirstAsync(_ => true);

        Assert.Equal((PresenceConnectionState.Connecting, ErrorCode.InvalidRequest), (state, refusal.Code));
        await client.StopAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        Assert.Equal([false], tokens.Refreshes);
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets)]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    [InlineData(AnyTransport)]
    public async Task Connection_RefusedToken_ShowsUnauthorizedAndAsksForOneOther(HttpTransportType transport)
    {
        var tokens = new TokenSource("a.b.c");
        await using var client = NewClient(tokens, transport);
        var refused = RefusalsOf(client);
        var starting = client.StartAsync();

        var (state, refusal) = await refused.FirstAsync(_ => true);

        Assert.Equal((PresenceConnectionState.Connecting, ErrorCode.Unauthorized), (state, refusal.Code));
        Assert.Equal("A valid bearer token is needed", refusal.Message);
        await Eventually.GetAsync(() => Task.FromResult(tokens.Refreshes.Count), count => count is 2);
        await client.StopAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        Assert.Equal([false, true], tokens.Refreshes);
    }

    [Fact]
    public async Task Connection_RefusedTokenIsReplaced_Connects()
    {
        var (token, _) = await Server.SignInAsync();
        var tokens = new TokenSource("a.b.c", token);
        await using var client = NewClient(tokens, AnyTransport);

        await client.StartAsync().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal([false, true], tokens.Refreshes);
        Assert.Null(client.Status.Error);
    }

    private static Signals<(PresenceConnectionState State, PresenceHubException Refusal)> RefusalsOf(
        PresenceClient client
    )
    {
        var refusals = new Signals<(PresenceConnectionState, PresenceHubException)>();
        client.ConnectionStateChanged += (_, changed) =>
        {
            if (changed.Status.Error is { Code: not PresenceHubException.Disconnected } refusal)
            {
                refusals.Add((changed.Status.State, refusal));
            }
        };
        return refusals;
    }

    private PresenceClient NewClient(
        TokenSource tokens,
        HttpTransportType transports,
        string path = "/hubs/presence"
    ) =>
        new(
            new PresenceClientOptions
            {
                Url = new Uri(Server.Address, path),
                AccessTokenFactory = request => Task.FromResult<string?>(tokens.Next(request.Refresh)),
                ConfigureConnection = connection => connection.Transports = transports,
                ReconnectBase = TimeSpan.FromMilliseconds(50),
            }
        );

    /// <summary>Gives the next token when it is asked to refresh, and the last one for good.</summary>
    private sealed class TokenSource(params string[] tokens)
    {
        private readonly ConcurrentQueue<bool> _refreshes = [];
        private int _given;

        public IReadOnlyList<bool> Refreshes => [.. _refreshes];

        public string Next(bool refresh)
        {
            _refreshes.Enqueue(refresh);
            var index = refresh ? Interlocked.Increment(ref _given) : Volatile.Read(ref _given);
            return tokens[Math.Min(index, tokens.Length - 1)];
        }
    }

    public sealed class SharedServer() : SharedHub(("WatchLists__MaxConnectionsPerWatcher", "1"));
}
