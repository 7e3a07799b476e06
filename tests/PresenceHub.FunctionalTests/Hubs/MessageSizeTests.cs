using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Client;
using PresenceHub.Contracts;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>A hub whose calls may carry 2,000 ids, twice the default.</summary>
public sealed class MessageSizeTests(MessageSizeTests.SharedServer shared)
    : IClassFixture<MessageSizeTests.SharedServer>
{
    private const int Ids = 2_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        IndentSize = 8,
    };

    private HubServer Server => shared.Server;

    [Theory]
    [InlineData(HttpTransportType.WebSockets, false)]
    [InlineData(HttpTransportType.WebSockets, true)]
    [InlineData(HttpTransportType.ServerSentEvents, false)]
    [InlineData(HttpTransportType.LongPolling, false)]
    [InlineData(HttpTransportType.LongPolling, true)]
    public async Task Watch_AsManyIdsAsOneCallMayCarry_IsAnswered(HttpTransportType transport, bool useMessagePack)
    {
        await using var hub = await BuildAsync(transport, useMessagePack);
        await hub.StartAsync();

        var result = await hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(RandomIds(Ids)));

        Assert.Equal(Ids, result.Entries.Count);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(Ids)]
    [InlineData(10_000)]
    public async Task WatchAsync_ByAClientWithAnyLimitOfItsOwn_IsAnswered(int maxIdsPerCall)
    {
        await using var client = await ClientAsync(maxIdsPerCall);

        var admission = await client.Watch(RandomIds(Ids)).Admission.WaitAsync(Patience);

        Assert.Equal((Ids, 0), (admission.Entries.Count, admission.Rejected.Count));
    }

    [Fact]
    public async Task WatchAsync_ByAClientThatSendsMoreThanTheHubReads_IsRepeatedInParts()
    {
        await using var client = await ClientAsync(maxIdsPerCall: 10_000);
        var states = new Signals<PresenceConnectionState>();
        client.ConnectionStateChanged += (_, change) => states.Add(change.Status.State);

        var admission = await client.Watch(RandomIds(3 * Ids)).Admission.WaitAsync(Patience);

        // What is above the limit of the connection is rejected by id.
        Assert.Equal(Ids, admission.Entries.Count);
        Assert.All(admission.Rejected, rejected => Assert.Equal(RejectionReason.LimitExceeded, rejected.Reason));
        Assert.Equal(2 * Ids, admission.Rejected.Count);
        Assert.Equal((PresenceConnectionState.Connected, null), (client.Status.State, client.Status.Error));
        await states.FirstAsync(state => state is PresenceConnectionState.Reconnecting);
        Assert.Single(states.All, state => state is PresenceConnectionState.Reconnecting);
    }

    [Theory]
    [InlineData(HttpTransportType.WebSockets, false, 200_000)]
    [InlineData(HttpTransportType.WebSockets, true, 200_000)]
    [InlineData(HttpTransportType.WebSockets, false, 20_000_000)]
    [InlineData(HttpTransportType.ServerSentEvents, false, 200_000)]
    [InlineData(HttpTransportType.LongPolling, true, 200_000)]
    public async Task Message_LargerThanAllowed_ClosesTheConnectionWithTheCode(
        HttpTransportType transport,
        bool useMessagePack,
        int size
    )
    {
        await using var hub = await BuildAsync(transport, useMessagePack);
        var closed = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Closed += error =>
        {
            closed.SetResult(error);
            return Task.CompletedTask;
        };
        await hub.StartAsync();

        var call = hub.InvokeAsync<PresenceEntry[]>("Get", new[] { new string('x', size) });
        var error = await closed.Task.WaitAsync(Patience);

        await Assert.ThrowsAnyAsync<Exception>(() => call);
        Assert.EndsWith(
            "HubException: limitExceeded: a message is larger than 132096 bytes; one call may carry 2000",
            Assert.IsType<HubException>(error).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_AsManyIdsAsOneCallMayCarry_IsAnswered(bool isIndented)
    {
        using var answer = await PostAsync(
            JsonSerializer.Serialize(new { ids = RandomIds(Ids) }, isIndented ? Indented : JsonSerializerOptions.Web)
        );

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(Ids, (await answer.Content.ReadFromJsonAsync<WatchResult>())!.Entries.Count);
    }

    [Fact]
    public async Task Read_BodyLargerThanAllowed_Is413WithTheCode()
    {
        using var answer = await PostAsync(JsonSerializer.Serialize(new { ids = new[] { new string('x', 132_096) } }));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("limitExceeded", problem.GetProperty("code").GetString());
        Assert.Equal("The body may hold 132096 bytes", problem.GetProperty("detail").GetString());
    }

    private static string[] RandomIds(int count) => [.. Enumerable.Range(0, count).Select(_ => $"{Guid.NewGuid()}")];

    private async Task<PresenceClient> ClientAsync(int maxIdsPerCall)
    {
        var (token, _) = await Server.SignInAsync();
        var client = new PresenceClient(
            new PresenceClientOptions
            {
                Url = new Uri(Server.Address, "/hubs/presence"),
                AccessTokenFactory = _ => Task.FromResult<string?>(token),
                MaxIdsPerCall = maxIdsPerCall,
                ReconnectBase = TimeSpan.FromMilliseconds(100),
            }
        );
        await client.StartAsync();
        return client;
    }

    private async Task<HubConnection> BuildAsync(HttpTransportType transport, bool useMessagePack)
    {
        var (token, _) = await Server.SignInAsync();
        var builder = new HubConnectionBuilder().WithUrl(new Uri(Server.Address, "/hubs/presence"), http =>
        {
            http.Transports = transport;
            http.AccessTokenProvider = () => Task.FromResult<string?>(token);
        });
        return (useMessagePack ? builder.AddMessagePackProtocol() : builder).Build();
    }

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/presence")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        var (token, _) = await Server.SignInAsync();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Server.Http.SendAsync(request);
    }

    public sealed class SharedServer()
        : SharedHub(
            ("WatchLists__MaxIdsPerCall", $"{Ids}"),
            ("WatchLists__MaxSubjectsPerConnection", $"{Ids}"),
            // The ids are made up, so each is cold.
            ("Quotas__ColdIdsPerMinute", "100000")
        );
}
