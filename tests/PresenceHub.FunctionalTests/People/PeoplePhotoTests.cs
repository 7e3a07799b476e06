using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace PresenceHub.FunctionalTests.People;

/// <summary>Photos through a real server and the emulator, in which one of eight people has none.</summary>
public sealed class PeoplePhotoTests(PeopleServer shared) : IClassFixture<PeopleServer>
{
    private const string ReadPhoto = "getPhoto";
    private const int WithoutPhoto = 7;

    [Fact]
    public async Task Get_Photo_IsAnImageThatABrowserKeeps()
    {
        var token = await shared.SignInAsync();
        using var small = await shared.GetAsync(await PathAsync(0, "?size=48"), token);
        using var large = await shared.GetAsync(await PathAsync(0, "?size=96"), token);

        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        Assert.Equal("image/png", small.Content.Headers.ContentType?.MediaType);
        Assert.Equal("nosniff", Assert.Single(small.Headers.GetValues("X-Content-Type-Options")));
        Assert.True(small.Headers.CacheControl is { Private: true, MaxAge.TotalHours: 1 });
        Assert.Contains("Authorization", small.Headers.Vary);
        Assert.False(small.Headers.ETag!.IsWeak);
        Assert.NotEqual(small.Headers.ETag, large.Headers.ETag);
        Assert.Equal(48, (await small.Content.ReadAsByteArrayAsync())[19]);
        Assert.Equal(96, (await large.Content.ReadAsByteArrayAsync())[19]);
    }

    [Fact]
    public async Task Get_SameEntityTag_Is304AndGraphIsAskedOnce()
    {
        var (path, token) = (await PathAsync(1), await shared.SignInAsync());
        EntityTagHeaderValue? tag = null;
        Assert.Equal(1, await shared.CountAsync(ReadPhoto, async () =>
            {
                using var first = await shared.GetAsync(path, token);
                tag = first.Headers.ETag;
            }));

        Assert.Equal(0, await shared.CountAsync(ReadPhoto, async () =>
            {
                using var again = await shared.GetAsync(path, token, tag);
                Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
                Assert.Equal(tag, again.Headers.ETag);
                Assert.NotNull(again.Headers.CacheControl?.MaxAge);
                Assert.Empty(await again.Content.ReadAsByteArrayAsync());
            }));
    }

    [Fact]
    public async Task Get_HiddenPersonWhosePhotoIsKept_IsAnsweredLikeOneWithoutAPhoto()
    {
        using (await shared.GetAsync(await PathAsync(2), await shared.SignInAsync())) { }

        var denied = await shared.SignInDeniedAsync();
        var answers = new List<string>();
        foreach (var path in (string[])[await PathAsync(2), await PathAsync(WithoutPhoto), $"/{Guid.NewGuid()}/photo"])
        {
            foreach (var asked in (int[])[1, 0])
            {
                using var answer = await AskAsync(path, denied, asked);
                Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
                answer.Headers.Date = null;
                answers.Add(answer.Headers.ToString());
            }
        }

        Assert.Single(answers.Distinct());
        using var seen = await AskAsync(await PathAsync(2), await shared.SignInAsync(), 0);
        Assert.Equal(HttpStatusCode.OK, seen.StatusCode);
    }

    [Fact]
    public async Task Get_PersonWithoutPhoto_Is204ForAll()
    {
        using var answer = await AskAsync(await PathAsync(WithoutPhoto + 8), await shared.SignInAsync(), 1);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.NotNull(answer.Headers.CacheControl?.MaxAge);

        using var again = await AskAsync(await PathAsync(WithoutPhoto + 8), await shared.SignInAsync(), 0);
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
    }

    [Theory]
    [InlineData(10, """{"operation":"getPhoto","body":"garbage"}""", HttpStatusCode.NoContent)]
    [InlineData(11, """{"operation":"getPhoto","status":403}""", HttpStatusCode.NoContent)]
    [InlineData(12, """{"operation":"getPhoto","status":404}""", HttpStatusCode.NoContent)]
    [InlineData(13, """{"operation":"getPhoto","status":500}""", HttpStatusCode.ServiceUnavailable)]
    public async Task Get_GraphFails_IsNoPhotoOrUnavailable(int person, string fault, HttpStatusCode status)
    {
        var path = await PathAsync(person);
        await shared.Server.Emulator.FailAsync(JsonSerializer.Deserialize<JsonElement>(fault));
        try
        {
            using var answer = await shared.GetAsync(path, await shared.SignInAsync());

            Assert.Equal(status, answer.StatusCode);
            Assert.Equal(status is HttpStatusCode.ServiceUnavailable, answer.Headers.RetryAfter is not null);
            Assert.Equal(status is HttpStatusCode.ServiceUnavailable, answer.Headers.CacheControl!.NoStore);
        }
        finally
        {
            await shared.Server.Emulator.EndFaultsAsync();
        }
    }

    [Theory]
    [InlineData("/me/photo", "id")]
    [InlineData("/11111111-2222-3333-4444-555555555555/photo?size=64", "size")]
    [InlineData("/11111111-2222-3333-4444-555555555555/photo?size=", "size")]
    public async Task Get_BadAddress_Is400(string path, string named)
    {
        using var answer = await shared.GetAsync(path, await shared.SignInAsync());

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains(named, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_MoreThanTheQuota_Is429()
    {
        var token = await shared.SignInAsync();
        HttpResponseMessage? refused = null;
        for (var i = 0; refused is null && i < 2 * PeopleServer.RequestsPerMinute; i++)
        {
            var answer = await shared.GetAsync($"/{Guid.NewGuid()}/photo", token);
            refused = answer.StatusCode is HttpStatusCode.NoContent ? null : answer;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, refused?.StatusCode);
        Assert.NotNull(refused!.Headers.RetryAfter?.Delta);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("peopleRequestsPerMinute", problem.GetProperty("limit").GetString());
    }

    private async Task<string> PathAsync(int person, string query = "") =>
        $"/{(await shared.Server.Emulator.PeopleAsync())[person]}/photo{query}";

    private async Task<HttpResponseMessage> AskAsync(string path, string token, int asked)
    {
        HttpResponseMessage? answer = null;
        Assert.Equal(
            asked,
            await shared.CountAsync(ReadPhoto, async () => answer = await shared.GetAsync(path, token))
        );
        return answer!;
    }
}
