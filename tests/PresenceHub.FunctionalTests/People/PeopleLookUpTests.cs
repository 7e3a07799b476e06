using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace PresenceHub.FunctionalTests.People;

/// <summary>People by id and address, through a real server and the emulator.</summary>
public sealed class PeopleLookUpTests(PeopleServer shared) : IClassFixture<PeopleServer>
{
    private const string ReadUsers = "listUsers";

    [Fact]
    public async Task Get_IdsAndAddresses_AnswerPeopleByTheKeyThatWasSent()
    {
        var token = await shared.SignInAsync();
        var ids = (await shared.Server.Emulator.PeopleAsync())[..20];

        var byId = await shared.ReadAsync($"?ids={ids[0].ToUpperInvariant()},me,{string.Join(',', ids)}", token);

        var people = byId.GetProperty("people").EnumerateArray().ToArray();
        Assert.Equal(ids, people.Select(person => person.GetProperty("id").GetString()));
        Assert.Equal(ids[0].ToUpperInvariant(), people[0].GetProperty("key").GetString());
        Assert.Equal([("me", "invalidId")], RejectedOf(byId));
        var (mail, name) = (people[1].GetProperty("mail").GetString()!, people[1].GetProperty("displayName"));

        var byEmail = await shared.ReadAsync($"?emails={Uri.EscapeDataString($"nothing,{mail},no@x.example")}", token);

        var person = Assert.Single(byEmail.GetProperty("people").EnumerateArray());
        Assert.Equal(
            (mail, name.GetString()),
            (person.GetProperty("key").GetString(), person.GetProperty("displayName").GetString())
        );
        Assert.All((string[])["userPrincipalName", "jobTitle", "department"], member =>
            Assert.NotEmpty(person.GetProperty(member).GetString()!)
        );
        Assert.Equal([("nothing", "invalidEmail"), ("no@x.example", "notVisible")], RejectedOf(byEmail));
    }

    [Fact]
    public async Task Get_SamePeopleAgain_AsksGraphOnceForAllWatchers()
    {
        var mail = await MailOfAsync(31);
        Assert.Equal(1, await AskedAsync(mail, await shared.SignInAsync()));

        Assert.Equal(0, await AskedAsync(mail.ToUpperInvariant(), await shared.SignInAsync()));
    }

    [Fact]
    public async Task Get_HiddenPersonThatOthersHaveLookedUp_IsAnsweredLikeAMadeUpAddress()
    {
        var mail = await MailOfAsync(32);
        await shared.ReadAsync($"?emails={mail}", await shared.SignInAsync());
        var denied = await shared.SignInDeniedAsync();

        foreach (var address in (string[])[mail, $"{Guid.NewGuid()}@x.example"])
        {
            // Graph is asked at the first time, and not at the second.
            Assert.Equal(1, await AskedAsync(address, denied));
            Assert.Equal(0, await AskedAsync(address, denied));
            var answer = await shared.ReadAsync($"?emails={address}", denied);
            Assert.Equal([(address, "notVisible")], RejectedOf(answer));
            Assert.Empty(answer.GetProperty("people").EnumerateArray());
        }

        // What the denied watcher was told does not change the answer to others.
        Assert.Equal(0, await AskedAsync(mail, await shared.SignInAsync()));
    }

    [Fact]
    public async Task Get_HiddenId_IsAnsweredLikeAMadeUpOne()
    {
        var id = (await shared.Server.Emulator.PeopleAsync())[33];
        await shared.ReadAsync($"?ids={id}", await shared.SignInAsync());
        var denied = await shared.SignInDeniedAsync();

        foreach (var key in (string[])[id, $"{Guid.NewGuid()}"])
        {
            JsonElement answer = default;
            Assert.Equal(
                1,
                await shared.CountAsync(ReadUsers, async () => answer = await shared.ReadAsync($"?ids={key}", denied))
            );
            Assert.Equal([(key, "notVisible")], RejectedOf(answer));
        }
    }

    [Fact]
    public async Task Get_GraphFails_Is503WithWhatTheCacheHolds()
    {
        var mail = await MailOfAsync(34);
        await shared.ReadAsync($"?emails={mail}", await shared.SignInAsync());
        await shared.Server.Emulator.FailAsync(new { operation = ReadUsers, status = 503 });
        try
        {
            var token = await shared.SignInAsync();
            using var answer = await shared.GetAsync($"?emails=someone.new@x.example,{mail}", token);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter?.Delta);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("unavailable", problem.GetProperty("code").GetString());
            var known = Assert.Single(problem.GetProperty("people").EnumerateArray());
            Assert.Equal(mail, known.GetProperty("key").GetString());
            Assert.Empty(problem.GetProperty("rejected").EnumerateArray());

            // What the cache holds needs no Graph.
            Assert.Single((await shared.ReadAsync($"?emails={mail}", token)).GetProperty("people").EnumerateArray());
        }
        finally
        {
            await shared.Server.Emulator.EndFaultsAsync();
        }
    }

    [Fact]
    public async Task Get_GraphIsAway_CostsTheWatcherNoQuota()
    {
        var token = await shared.SignInAsync();
        await shared.Server.Emulator.FailAsync(new { operation = ReadUsers, status = 503 });
        try
        {
            for (var i = 0; i <= PeopleServer.RequestsPerMinute; i++)
            {
                using var answer = await shared.GetAsync($"?ids={Guid.NewGuid()}", token);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            }
        }
        finally
        {
            await shared.Server.Emulator.EndFaultsAsync();
        }
    }

    [Fact]
    public async Task Get_MadeUpIds_EndAtTheQuotaOfTheWatcher()
    {
        var token = await shared.SignInAsync();
        HttpResponseMessage? refused = null;
        for (var i = 0; refused is null && i < PeopleServer.RequestsPerMinute; i++)
        {
            var ids = Enumerable.Range(0, 100).Select(_ => Guid.NewGuid());
            var answer = await shared.GetAsync($"?ids={string.Join(',', ids)}", token);
            refused = answer.StatusCode is HttpStatusCode.OK ? null : answer;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, refused?.StatusCode);
        Assert.NotNull(refused!.Headers.RetryAfter?.Delta);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(
            ("unavailable", "peopleRequestsPerMinute"),
            (problem.GetProperty("code").GetString(), problem.GetProperty("limit").GetString())
        );
        await shared.ReadAsync($"?ids={Guid.NewGuid()}", await shared.SignInAsync());
    }

    [Theory]
    [InlineData("", "invalidRequest", "emails")]
    [InlineData("?ids=", "invalidRequest", "ids")]
    [InlineData("?ids=a&emails=a@b", "invalidRequest", "emails")]
    [InlineData("?ids=101", "limitExceeded", "100")]
    [InlineData("?search=%20", "invalidRequest", "search")]
    [InlineData("?search=a%00", "invalidRequest", "search")]
    [InlineData("?search=a&emails=a@b", "invalidRequest", "search")]
    [InlineData("?search=a&top=0", "invalidRequest", "top")]
    [InlineData("?search=a&top=51", "invalidRequest", "top")]
    [InlineData("?search=a&top=x", "invalidRequest", "top")]
    [InlineData("?search=a&after=YQ", "invalidRequest", "after")]
    [InlineData("?ids=a&after=YQ", "invalidRequest", "after")]
    [InlineData("?all=true&search=a", "invalidRequest", "all")]
    [InlineData("?all=false", "invalidRequest", "all")]
    [InlineData("?all=true&top=501", "invalidRequest", "top")]
    [InlineData("?all=true&after=https://other.example/", "invalidRequest", "after")]
    [InlineData("?all=true&after=bm9uZQ", "invalidRequest", "after")]
    [InlineData("?all=true&after=", "invalidRequest", "after")]
    [InlineData("?department=%20", "invalidRequest", "department")]
    [InlineData("?department=a%00", "invalidRequest", "department")]
    public async Task Get_BadQuery_Is400(string query, string code, string named)
    {
        query = query is "?ids=101" ? $"?ids={string.Join(',', Enumerable.Repeat("x", 101))}" : query;

        using var answer = await shared.GetAsync(query, await shared.SignInAsync());

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Contains(named, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WithoutAToken_Is401()
    {
        using var answer = await shared.GetAsync("?emails=a@b", null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static IEnumerable<(string?, string?)> RejectedOf(JsonElement answer) =>
        answer
            .GetProperty("rejected")
            .EnumerateArray()
            .Select(item => (item.GetProperty("key").GetString(), item.GetProperty("reason").GetString()));

    private async Task<string> MailOfAsync(int index) =>
        (await shared.PersonAsync(index)).GetProperty("mail").GetString()!;

    private Task<long> AskedAsync(string address, string token) =>
        shared.CountAsync(ReadUsers, () => shared.ReadAsync($"?emails={address}", token));
}
