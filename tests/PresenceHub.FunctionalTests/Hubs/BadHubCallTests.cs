using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Client;
using PresenceHub.Contracts;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>What a careless or hostile caller sends to the hub, and what it gets.</summary>
[Collection(nameof(BadInputServer))]
public sealed class BadHubCallTests(BadInputServer shared)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private HubServer Server => shared.Server;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watch_MixedIds_AnswersInOrderAndEchoesTheRejected(bool useMessagePack)
    {
        await using var hub = await ConnectAsync(useMessagePack);
        var people = await Server.PeopleAsync();

        var result = await hub.InvokeAsync<WatchResult>(
            "Watch",
            new WatchRequest([people[1].ToUpperInvariant(), "nonsense", people[0], people[1], ""])
        );

        Assert.Equal([people[1], people[0]], result.Entries.Select(entry => entry.Id));
        Assert.Equal([new("nonsense", "invalidId"), new RejectedSubject("", "invalidId")], result.Rejected);
        Assert.NotEmpty(result.Cursor);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watch_NullIds_IsAnInvalidRequest(bool useMessagePack)
    {
        await using var hub = await ConnectAsync(useMessagePack);

        await FailsAsync("invalidRequest: ids must be an array of strings", () =>
            hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(null!))
        );
        await FailsAsync("invalidRequest: ids must be an array of strings", () =>
            hub.InvokeAsync<WatchResult>("Watch", (object?)null)
        );
        await FailsAsync("invalidRequest: ids must be an array of strings", () =>
            hub.InvokeAsync<PresenceEntry[]>("Get", (object?)null)
        );
        await FailsAsync("invalidRequest: ids must be an array of strings", () =>
            hub.InvokeAsync("Unwatch", (object?)null)
        );
        await FailsAsync("invalidRequest: ids[1] must be a string", () =>
            hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(["", null!]))
        );
    }

    [Fact]
    public async Task Watch_MoreIdsThanACallMayCarry_ExceedsTheLimit()
    {
        await using var hub = await ConnectAsync();
        string[] ids = [.. Enumerable.Range(0, 1001).Select(_ => $"{Guid.NewGuid()}")];

        await FailsAsync("limitExceeded: ids holds 1001 entries; one call may carry 1000", () =>
            hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(ids))
        );

        var result = await hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(ids[..1000]));
        Assert.Equal(1000, result.Entries.Count);
        result = await hub.InvokeAsync<WatchResult>("Watch", new WatchRequest([ids[1000], ids[0]]));
        Assert.Equal(ids[0], Assert.Single(result.Entries).Id);
        Assert.Equal(new RejectedSubject(ids[1000], "limitExceeded"), Assert.Single(result.Rejected));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_500)]
    [InlineData(10_000)]
    public async Task WatchAsync_ByAClientWithMoreIdsThanTheDefaultsAllow_IsAnsweredForEach(int maxIdsPerCall)
    {
        var (token, _) = await Server.SignInAsync();
        await using var client = new PresenceClient(
            new PresenceClientOptions
            {
                Url = new Uri(Server.Address, "/hubs/presence"),
                AccessTokenFactory = _ => Task.FromResult<string?>(token),
                MaxIdsPerCall = maxIdsPerCall,
            }
        );
        await client.StartAsync();

        var ids = Enumerable.Range(0, 2_000).Select(_ => $"{Guid.NewGuid()}");
        var admission = await client.Watch(ids).Admission.WaitAsync(Patience);

        Assert.Equal((1_000, 1_000), (admission.Entries.Count, admission.Rejected.Count));
        Assert.NotEmpty(admission.Rejected);
        Assert.All(admission.Rejected, rejected => Assert.Equal("limitExceeded", rejected.Reason));
        Assert.Equal((PresenceConnectionState.Connected, null), (client.Status.State, client.Status.Error));
    }

    [Fact]
    public async Task Watch_WrongTypesAndUnknownMethods_GetErrorsWithoutInternals()
    {
        await using var hub = await ConnectAsync();
        foreach (
            var call in new Func<Task>[]
            {
                () => hub.InvokeAsync<WatchResult>("Watch", 42),
                () => hub.InvokeAsync<WatchResult>("Watch", new { ids = 42 }),
                () => hub.InvokeAsync<WatchResult>("Watch", "a", "b"),
                () => hub.InvokeAsync<PresenceEntry[]>("Get", new { a = 1 }),
                () => hub.InvokeAsync("Nothing"),
            }
        )
        {
            var exception = await Assert.ThrowsAsync<HubException>(call);
            Assert.NotEmpty(exception.Message);
            Assert.DoesNotContain("   at ", exception.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("Json", exception.Message, StringComparison.Ordinal);
        }

        Assert.Equal(HubConnectionState.Connected, hub.State);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("-")]
    [InlineData("9000000000000000-9000000000000000")]
    [InlineData("0-0")]
    public async Task Watch_CursorThatIsNoPosition_GetsEverything(string cursor)
    {
        await using var hub = await ConnectAsync();
        var people = (await Server.PeopleAsync())[..5];

        var result = await hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(people, cursor));

        Assert.Equal(people, result.Entries.Select(entry => entry.Id));
    }

    [Fact]
    public async Task Watch_CursorOfNow_LeavesOutWhatIsUnchangedAndLive()
    {
        await using var client = await WatchingClient.ConnectAsync(Server);
        var people = (await Server.PeopleAsync())[5..10];
        await client.Client.WatchAsync(people);
        await Task.WhenAll(people.Select(client.LiveAsync));
        await using var hub = await ConnectAsync();
        string? cursor = null;

        // A connection that was sent no change gets no bookmark: its cursor comes with an answer, once the next
        // position check has moved it.
        await Eventually.GetAsync(WatchAsync, result => result.Entries.Count is 0);

        await Server.Emulator.WaitUntilCoveredAsync(people);
        await Server.Emulator.SetPresenceAsync(people[2], "DoNotDisturb", "Focusing");
        await client.ShowsAsync(people[2], "DoNotDisturb");
        Assert.Equal(people[2], Assert.Single((await WatchAsync()).Entries).Id);

        async Task<WatchResult> WatchAsync()
        {
            var result = await hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(people, cursor));
            cursor = result.Cursor;
            return result;
        }
    }

    [Fact]
    public async Task Calls_FasterThanTheLimit_AreRefusedAsUnavailable()
    {
        await using var hub = await ConnectAsync();
        var refusals = 0;
        for (var i = 0; i < 40; i++)
        {
            try
            {
                await hub.InvokeAsync("Unwatch", Array.Empty<string>());
            }
            catch (HubException exception)
            {
                Assert.Contains(
                    "HubException: unavailable: too many calls; 5 per second are possible (callsPerSecond)",
                    exception.Message,
                    StringComparison.Ordinal
                );
                refusals++;
            }
        }

        Assert.InRange(refusals, 1, 20);
    }

    [Fact]
    public async Task Connections_MoreThanAWatcherMayHold_AreRefusedWithTheCode()
    {
        var (token, _) = await Server.SignInAsync();
        var hubs = new List<HubConnection>();
        for (var i = 0; i < 50; i++)
        {
            hubs.Add(await ConnectAsync(token: token));
            await hubs[i].InvokeAsync("Unwatch", Array.Empty<string>());
        }

        var closed = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var oneMore = Build(token);
        oneMore.Closed += exception =>
        {
            closed.TrySetResult(exception);
            return Task.CompletedTask;
        };
        await oneMore.StartAsync();

        Assert.Contains(
            "limitExceeded:",
            (await closed.Task.WaitAsync(TimeSpan.FromSeconds(10)))!.Message,
            StringComparison.Ordinal
        );
        foreach (var hub in hubs)
        {
            await hub.DisposeAsync();
        }
    }

    private static async Task FailsAsync(string expected, Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<HubException>(call);
        Assert.EndsWith($"HubException: {expected}", exception.Message, StringComparison.Ordinal);
    }

    private async Task<HubConnection> ConnectAsync(bool useMessagePack = false, string? token = null)
    {
        var hub = Build(token ?? (await Server.SignInAsync()).AccessToken, useMessagePack);
        await hub.StartAsync();
        return hub;
    }

    private HubConnection Build(string token, bool useMessagePack = false)
    {
        var builder = new HubConnectionBuilder().WithUrl(new Uri(Server.Address, "/hubs/presence"), options =>
            options.AccessTokenProvider = () => Task.FromResult<string?>(token)
        );
        return (useMessagePack ? builder.AddMessagePackProtocol() : builder).Build();
    }
}
