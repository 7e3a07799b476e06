using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Contracts;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>What a careless or hostile caller sends, and what it gets.</summary>
public sealed class BadInputTests(BadInputTests.SharedServer shared) : IClassFixture<BadInputTests.SharedServer>
{
    private HubServer Server => shared.Server;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watch_MixedIds_AnswersInOrderAndEchoesTheRejected(bool useMessagePack)
    {
        await using var hub = await ConnectAsync(useMessagePack);
        var people = await Server.PeopleAsync();

        var result = await hub.InvokeAsync<WatchResult>("Watch", new WatchRequest([people[1].ToUpperInvariant(), "nonsense", people[0], people[1], ""]));

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

        await FailsAsync("invalidRequest: ids must be an array of strings", () => hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(null!)));
        await FailsAsync("invalidRequest: ids must be an array of strings", () => hub.InvokeAsync<WatchResult>("Watch", (object?)null));
        await FailsAsync("invalidRequest: ids must be an array of strings", () => hub.InvokeAsync<PresenceEntry[]>("Get", (object?)null));
        await FailsAsync("invalidRequest: ids must be an array of strings", () => hub.InvokeAsync("Unwatch", (object?)null));
        await FailsAsync("invalidRequest: ids[1] must be a string", () => hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(["", null!])));
    }

    [Fact]
    public async Task Watch_MoreIdsThanACallMayCarry_ExceedsTheLimit()
    {
        await using var hub = await ConnectAsync();
        string[] ids = [.. Enumerable.Range(0, 1001).Select(_ => $"{Guid.NewGuid()}")];

        await FailsAsync("limitExceeded: ids holds 1001 entries; one call may carry 1000", () => hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(ids)));

        var result = await hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(ids[..1000]));
        Assert.Equal(1000, result.Entries.Count);
        result = await hub.InvokeAsync<WatchResult>("Watch", new WatchRequest([ids[1000], ids[0]]));
        Assert.Equal(ids[0], Assert.Single(result.Entries).Id);
        Assert.Equal(new RejectedSubject(ids[1000], "limitExceeded"), Assert.Single(result.Rejected));
    }

    [Fact]
    public async Task Watch_WrongTypesAndUnknownMethods_GetErrorsWithoutInternals()
    {
        await using var hub = await ConnectAsync();
        foreach (var call in new Func<Task>[]
        {
            () => hub.InvokeAsync<WatchResult>("Watch", 42),
            () => hub.InvokeAsync<WatchResult>("Watch", new { ids = 42 }),
            () => hub.InvokeAsync<WatchResult>("Watch", "a", "b"),
            () => hub.InvokeAsync<PresenceEntry[]>("Get", new { a = 1 }),
            () => hub.InvokeAsync("Nothing"),
        })
        {
            var exception = await Assert.ThrowsAsync<HubException>(call);
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
        WatchResult result;
        string? cursor = null;
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        do
        {
            // A cursor is promised with the next position check, two seconds later at most.
            result = await hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(people, cursor), timeout.Token);
            cursor = result.Cursor;
            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, timeout.Token);
        }
        while (result.Entries.Count > 0);

        await Server.Emulator.WaitUntilCoveredAsync(people);
        await Server.Emulator.SetPresenceAsync(people[2], "DoNotDisturb", "Focusing");
        await client.ShowsAsync(people[2], "DoNotDisturb");
        result = await hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(people, cursor), timeout.Token);
        Assert.Equal(people[2], Assert.Single(result.Entries).Id);
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
                Assert.Contains("HubException: unavailable: too many calls on this connection; 5 per second are possible", exception.Message, StringComparison.Ordinal);
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
        for (var i = 0; i < 10; i++)
        {
            hubs.Add(await ConnectAsync(token: token));
            await hubs[i].InvokeAsync("Unwatch", Array.Empty<string>());
        }

        var closed = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var eleventh = Build(token);
        eleventh.Closed += exception =>
        {
            closed.TrySetResult(exception);
            return Task.CompletedTask;
        };
        await eleventh.StartAsync();

        Assert.Contains("limitExceeded:", (await closed.Task.WaitAsync(TimeSpan.FromSeconds(10)))!.Message, StringComparison.Ordinal);
        foreach (var hub in hubs)
        {
            await hub.DisposeAsync();
        }
    }

    [Fact]
    public async Task Hub_WithoutAToken_IsClosed()
    {
        using var negotiate = await Server.Http.PostAsync(new Uri("/hubs/presence/negotiate?negotiateVersion=1", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.Unauthorized, negotiate.StatusCode);
        await ProblemAsync(negotiate, "unauthorized");
    }

    [Theory]
    [InlineData("eyJhbGciOiJub25lIn0.eyJvaWQiOiJhIn0.")]
    [InlineData("garbage")]
    public async Task Api_ForgedToken_IsUnauthorized(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/presence?ids=x");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await Server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        await ProblemAsync(answer, "unauthorized");
    }

    [Fact]
    public async Task Api_TokenInTheQuery_IsNotTaken()
    {
        var (token, _) = await Server.SignInAsync();
        using var answer = await Server.Http.GetAsync(new Uri($"/api/presence?ids=x&access_token={token}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("application/json", "{", 400, "invalidRequest", "The body is not JSON")]
    [InlineData("application/json", "", 400, "invalidRequest", "The body is not JSON")]
    [InlineData("application/json", "[]", 400, "invalidRequest", "ids must be an array of strings")]
    [InlineData("application/json", "{}", 400, "invalidRequest", "ids must be an array of strings")]
    [InlineData("application/json", "{\"ids\":\"x\"}", 400, "invalidRequest", "ids must be an array of strings")]
    [InlineData("application/json", "{\"ids\":[\"x\",1]}", 400, "invalidRequest", "ids[1] must be a string")]
    [InlineData("application/json", "{\"ids\":[null]}", 400, "invalidRequest", "ids[0] must be a string")]
    [InlineData("text/plain", "{\"ids\":[]}", 415, "invalidRequest", "The body must be application/json")]
    public async Task Api_MalformedBody_NamesTheField(string contentType, string body, int status, string code, string detail)
    {
        using var answer = await PostAsync(new StringContent(body, Encoding.UTF8, contentType));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(detail, await ProblemAsync(answer, code));
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Api_TooManyIdsOrTooLarge_SaysSo()
    {
        using var many = await PostAsync(JsonContent.Create(new { ids = Enumerable.Repeat("x", 1001) }));
        Assert.Equal(HttpStatusCode.BadRequest, many.StatusCode);
        Assert.Equal("ids holds 1001 entries; one call may carry 1000", await ProblemAsync(many, "limitExceeded"));

        using var large = await PostAsync(JsonContent.Create(new { ids = new[] { new string('x', 70_000) } }));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        await ProblemAsync(large, "limitExceeded");
    }

    [Fact]
    public async Task Api_NoIds_SaysSo()
    {
        using var answer = await GetAsync("/api/presence");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("ids", await ProblemAsync(answer, "invalidRequest"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_MixedIds_AnswersLikeTheHub()
    {
        var people = await Server.PeopleAsync();

        var result = await Eventually.GetAsync(ReadAsync, result => result.Entries[0].Freshness is Freshness.Live);

        Assert.Equal(people[0], Assert.Single(result.Entries).Id);
        Assert.Equal(new RejectedSubject("nonsense", "invalidId"), Assert.Single(result.Rejected));
        Assert.NotEmpty(result.Cursor);

        async Task<WatchResult> ReadAsync()
        {
            using var answer = await GetAsync($"/api/presence?ids={people[0].ToUpperInvariant()},nonsense,{people[0]}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return (await answer.Content.ReadFromJsonAsync<WatchResult>())!;
        }
    }

    [Fact]
    public async Task Api_CallsFasterThanTheLimit_AreToldWhenToRetry()
    {
        var (token, _) = await Server.SignInAsync();
        var refused = 0;
        for (var i = 0; i < 40; i++)
        {
            using var answer = await GetAsync("/api/presence?ids=nonsense", token);
            if (answer.StatusCode is HttpStatusCode.TooManyRequests)
            {
                Assert.NotNull(answer.Headers.RetryAfter);
                await ProblemAsync(answer, "unavailable");
                refused++;
            }
        }

        Assert.InRange(refused, 1, 20);
    }

    [Theory]
    [InlineData("{\"watcherId\":\"nobody\"}")]
    [InlineData("{\"watcherId\":7}")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task DevelopmentToken_ForNoGuid_IsRefused(string body)
    {
        using var answer = await Server.Http.PostAsync(new Uri("/dev/token", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await ProblemAsync(answer, "invalidRequest");
    }

    [Fact]
    public async Task UnknownPath_IsAProblemToo()
    {
        using var answer = await Server.Http.GetAsync(new Uri("/api/nothing", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        await ProblemAsync(answer, "invalidRequest");
    }

    private static async Task FailsAsync(string expected, Func<Task> call)
    {
        var exception = await Assert.ThrowsAsync<HubException>(call);
        Assert.EndsWith($"HubException: {expected}", exception.Message, StringComparison.Ordinal);
    }

    private static async Task<string?> ProblemAsync(HttpResponseMessage answer, string code)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal((int)answer.StatusCode, problem.GetProperty("status").GetInt32());
        Assert.DoesNotContain("   at ", problem.ToString(), StringComparison.Ordinal);
        return problem.TryGetProperty("detail", out var detail) ? detail.GetString() : null;
    }

    private async Task<HubConnection> ConnectAsync(bool useMessagePack = false, string? token = null)
    {
        var hub = Build(token ?? (await Server.SignInAsync()).AccessToken, useMessagePack);
        await hub.StartAsync();
        return hub;
    }

    private HubConnection Build(string token, bool useMessagePack = false)
    {
        var builder = new HubConnectionBuilder().WithUrl(
            new Uri(Server.Address, "/hubs/presence"), options => options.AccessTokenProvider = () => Task.FromResult<string?>(token));
        return (useMessagePack ? builder.AddMessagePackProtocol() : builder).Build();
    }

    private async Task<HttpResponseMessage> PostAsync(HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/presence") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await Server.SignInAsync()).AccessToken);
        return await Server.Http.SendAsync(request);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? (await Server.SignInAsync()).AccessToken);
        return await Server.Http.SendAsync(request);
    }

    public sealed class SharedServer : IAsyncLifetime
    {
        internal HubServer Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await HubServer.StartAsync();

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
