using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>Presence as Server-Sent Events, from a real server.</summary>
public sealed class PresenceStreamTests : IAsyncLifetime
{
    private const int MaxIds = 50;

    private readonly PolicyFile _policy = new();
    private HubServer _server = null!;
    private string _token = null!;
    private string[] _people = null!;

    public async Task InitializeAsync()
    {
        _server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string>(_policy.Settings)
            {
                ["WatchLists__MaxIdsPerCall"] = $"{MaxIds}",
                ["WatchLists__MaxConnectionsPerWatcher"] = "2",
            }
        );
        (_token, _) = await _server.SignInAsync();
        _people = (await _server.PeopleAsync())[..3];
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _policy.Dispose();
    }

    [Fact]
    public async Task Stream_TokenInTheQuery_GetsTheSnapshotAndThenChangesUnbuffered()
    {
        using var stream = await EventStreamClient.OpenAsync(
            _server,
            $"?ids={_people[0].ToUpperInvariant()},nonsense&access_token={_token}",
            token: ""
        );

        var snapshot = await stream.FirstAsync("snapshot");
        Assert.Equal([_people[0]], snapshot.Ids);
        var rejected = Assert.Single(snapshot.Data.GetProperty("rejected").EnumerateArray());
        Assert.Equal("nonsense", rejected.GetProperty("id").GetString());
        Assert.Equal("invalidId", rejected.GetProperty("reason").GetString());
        Assert.Equal(snapshot.Data.GetProperty("cursor").GetString(), snapshot.Id);
        Assert.NotNull(snapshot.Retry);
        Assert.Equal("no", Assert.Single(stream.Headers.GetValues("X-Accel-Buffering")));
        Assert.True(stream.Headers.CacheControl!.NoStore);

        await ChangeAsync(stream, _people[0]);

        Assert.Equal("snapshot", stream.Events.All[0].Name);
    }

    [Fact]
    public async Task Stream_Resumed_GetsOnlyWhatItMissed()
    {
        var query = $"?ids={string.Join(',', _people)}";
        string? cursor;
        using (var first = await EventStreamClient.OpenAsync(_server, query))
        {
            foreach (var id in _people)
            {
                await ChangeAsync(first, id);
            }

            // A bookmark that comes after the last change covers all of them.
            var seen = first.Events.All.Count;
            await ChangeAsync(first, _people[1]);
            cursor = (await first.Events.FirstAsync(heard => IsBookmarkAfterAllChanges(first, heard, seen))).Id;
        }

        using var witness = await EventStreamClient.OpenAsync(_server, query);
        await ChangeAsync(witness, _people[0]);

        using (var resumed = await EventStreamClient.OpenAsync(_server, query, lastEventId: cursor))
        {
            Assert.Equal([_people[0]], (await resumed.FirstAsync("snapshot")).Ids);
        }

        using (var resumed = await EventStreamClient.OpenAsync(_server, $"{query}&cursor={cursor}"))
        {
            Assert.Equal([_people[0]], (await resumed.FirstAsync("snapshot")).Ids);
        }

        // The header takes precedence, and a malformed one asks for everything.
        using var whole = await EventStreamClient.OpenAsync(
            _server,
            $"{query}&cursor={cursor}",
            lastEventId: "garbage"
        );
        Assert.Equal(_people, (await whole.FirstAsync("snapshot")).Ids);
    }

    [Fact]
    public async Task Stream_PersonIsHidden_IsRevokedAndSaysNothingMoreOfThem()
    {
        var (hidden, shown) = (_people[0], _people[1]);
        using var stream = await EventStreamClient.OpenAsync(_server, $"?ids={hidden},{shown}", _token);
        await ChangeAsync(stream, hidden);
        await ChangeAsync(stream, shown);

        _policy.Hide(hidden);

        var revoked = await stream.FirstAsync("revoked");
        Assert.Equal(hidden, Assert.Single(revoked.Data.EnumerateArray()).GetString());
        var heard = stream.Events.All.Count;
        await _server.Emulator.SetPresenceAsync(hidden, "Away", "Away");
        await ChangeAsync(stream, shown);
        Assert.DoesNotContain(stream.Events.All.Skip(heard), later => later.Ids.Contains(hidden));
        using var resumed = await EventStreamClient.OpenAsync(_server, $"?ids={hidden}", _token, revoked.Id);
        var snapshot = await resumed.FirstAsync("snapshot");
        Assert.Empty(snapshot.Entries);
        Assert.Equal("notVisible", snapshot.Data.GetProperty("rejected")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Stream_BadRequest_IsAProblemThatNamesIds()
    {
        using var none = await EventStreamClient.SendAsync(_server, "", _token);
        Assert.Contains("ids must name", await ProblemAsync(none, 400, "invalidRequest"), StringComparison.Ordinal);

        var tooMany = string.Join(',', Enumerable.Repeat("x", MaxIds + 1));
        using var many = await EventStreamClient.SendAsync(_server, $"?ids={tooMany}", _token);
        Assert.Equal(
            $"ids holds {MaxIds + 1} entries; one call may carry {MaxIds}",
            await ProblemAsync(many, 400, "limitExceeded")
        );

        using var anonymous = await EventStreamClient.SendAsync(_server, $"?ids={_people[0]}", token: null);
        await ProblemAsync(anonymous, 401, "unauthorized");
    }

    [Fact]
    public async Task Stream_BeyondTheConnectionsOfItsWatcher_IsRefusedUntilAnotherCloses()
    {
        var query = $"?ids={_people[0]}";
        using var first = await EventStreamClient.OpenAsync(_server, query, _token);
        using (await EventStreamClient.OpenAsync(_server, query, _token))
        {
            using var refused = await EventStreamClient.SendAsync(_server, query, _token);
            Assert.Equal(TimeSpan.FromMinutes(1), refused.Headers.RetryAfter?.Delta);
            await ProblemAsync(refused, 429, "unavailable", "connections");
        }

        using var granted = await Eventually.GetAsync(
            () => EventStreamClient.SendAsync(_server, query, _token),
            answer => answer.StatusCode is HttpStatusCode.OK
        );
    }

    /// <summary>Gives a person another presence than the stream has, and waits until the stream has it.</summary>
    private async Task ChangeAsync(EventStreamClient stream, string id)
    {
        await _server.Emulator.WaitUntilCoveredAsync(id);
        var seen = stream.Events.All.Count;
        var (availability, activity) = stream.ActivityOf(id) is "Presenting"
            ? ("Busy", "InAMeeting")
            : ("DoNotDisturb", "Presenting");
        await _server.Emulator.SetPresenceAsync(id, availability, activity);
        await stream.Events.FirstAsync(heard => heard.Index >= seen && heard.ActivityOf(id) == activity);
    }

    private static bool IsBookmarkAfterAllChanges(EventStreamClient stream, StreamEvent heard, int seen) =>
        heard.Name is "bookmark"
        && stream.Events.All.Last(other => other.Name is "changed").Index is var changed
        && changed >= seen
        && heard.Index > changed;

    private static async Task<string?> ProblemAsync(
        HttpResponseMessage answer,
        int status,
        string code,
        string? limit = null
    )
    {
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.True(answer.Headers.CacheControl?.NoStore is true || status is 401);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(limit, problem.TryGetProperty("limit", out var named) ? named.GetString() : null);
        return problem.GetProperty("detail").GetString();
    }
}
