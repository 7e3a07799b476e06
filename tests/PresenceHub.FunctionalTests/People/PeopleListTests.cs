using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace PresenceHub.FunctionalTests.People;

/// <summary>A department and the whole company in pages, through a real server and the emulator.</summary>
public sealed class PeopleListTests(PeopleServer shared) : IClassFixture<PeopleServer>
{
    private const string ReadUsers = "listUsers";

    [Fact]
    public async Task List_Company_AnswersEachPersonOnceByNameAndAsksGraphOnceForAPage()
    {
        var all = await shared.Server.Emulator.PeopleAsync();
        var people = new List<JsonElement>();
        var asked = await shared.CountAsync(ReadUsers, async () => people = await PagesAsync("?all=true&top=100"));

        Assert.Equal((all.Length + 99) / 100, asked);
        Assert.Equal(all.Order(), people.Select(person => Text(person, "id")).Order());
        var names = people.Select(person => Text(person, "displayName")).ToArray();
        Assert.Equal(names.Order(StringComparer.OrdinalIgnoreCase), names);
        Assert.All(people, person => Assert.Equal(Text(person, "id"), Text(person, "key")));
        Assert.Equal(0, await shared.CountAsync(ReadUsers, () => PagesAsync("?all=true")));
    }

    [Fact]
    public async Task List_Department_AnswersItsPeopleInAnyCase()
    {
        var company = await PagesAsync("?all=true&top=500");
        var sales = company.Where(person => Text(person, "department") is "Sales").Select(person => Text(person, "id"));

        var listed = await PagesAsync("?department=sALES&top=3");

        Assert.InRange(listed.Count, 4, company.Count - 1);
        Assert.Equal(sales, listed.Select(person => Text(person, "id")));
        Assert.Empty(await PagesAsync("?department=Nowhere%27s%20department"));
    }

    [Fact]
    public async Task List_HiddenPeople_AreLeftOutAfterTheSamePages()
    {
        var token = await shared.SignInDeniedAsync();
        var pages = 0;
        var next = string.Empty;
        while (next is not null)
        {
            var answer = await shared.ReadAsync($"?department=Legal&top=9{next}", token);
            Assert.Empty(answer.GetProperty("people").EnumerateArray());
            next = NextOf(answer);
            pages++;
        }

        Assert.InRange(pages, 2, 100);
    }

    [Fact]
    public async Task List_MadeUpPages_EndAtTheQuotaOfTheWatcher()
    {
        var token = await shared.SignInAsync();
        HttpResponseMessage? refused = null;
        for (var i = 0; refused is null && i <= 2 * PeopleServer.RequestsPerMinute; i++)
        {
            var answer = await shared.GetAsync("?all=true&after=bm9uZQ", token);
            refused = answer.StatusCode is HttpStatusCode.BadRequest ? null : answer;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, refused?.StatusCode);
        var problem = await refused!.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("peopleRequestsPerMinute", Text(problem, "limit"));
    }

    [Fact]
    public async Task List_GraphFails_Is503()
    {
        await shared.Server.Emulator.FailAsync(new { operation = ReadUsers, status = 503 });
        try
        {
            using var answer = await shared.GetAsync("?all=true&top=17", await shared.SignInAsync());

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        }
        finally
        {
            await shared.Server.Emulator.EndFaultsAsync();
        }
    }

    private static string? Text(JsonElement item, string member) => item.GetProperty(member).GetString();

    private static string? NextOf(JsonElement answer) => Text(answer, "next") is { } next ? $"&after={next}" : null;

    private async Task<List<JsonElement>> PagesAsync(string query)
    {
        var token = await shared.SignInAsync();
        var people = new List<JsonElement>();
        for (var next = string.Empty; next is not null; )
        {
            var answer = await shared.ReadAsync(query + next, token);
            Assert.Empty(answer.GetProperty("rejected").EnumerateArray());
            people.AddRange(answer.GetProperty("people").EnumerateArray());
            next = NextOf(answer);
        }

        return people;
    }
}
