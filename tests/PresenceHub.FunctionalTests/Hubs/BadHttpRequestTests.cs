using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PresenceHub.Contracts;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>What a careless or hostile caller sends by HTTP, and what it gets.</summary>
[Collection(nameof(BadInputServer))]
public sealed class BadHttpRequestTests(BadInputServer shared)
{
    private HubServer Server => shared.Server;

    [Fact]
    public async Task Hub_WithoutAToken_IsClosed()
    {
        using var negotiate = await Server.Http.PostAsync(
            new Uri("/hubs/presence/negotiate?negotiateVersion=1", UriKind.Relative),
            null
        );
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
        using var answer = await Server.Http.GetAsync(
            new Uri($"/api/presence?ids=x&access_token={token}", UriKind.Relative)
        );
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
    public async Task Api_MalformedBody_NamesTheField(
        string contentType,
        string body,
        int status,
        string code,
        string detail
    )
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
    [InlineData("{\"watcherId\":\"not-an-id\"}")]
    [InlineData("{\"watcherId\":7}")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task DevelopmentToken_ForNoGuid_IsRefused(string body)
    {
        using var answer = await Server.Http.PostAsync(
            new Uri("/dev/token", UriKind.Relative),
            new StringContent(body, Encoding.UTF8, "application/json")
        );
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await ProblemAsync(answer, "invalidRequest");
    }

    [Theory]
    [InlineData("/api/presence")]
    [InlineData("/dev/token")]
    public async Task Body_BadChunkSize_IsABadRequest(string path)
    {
        var (token, _) = await Server.SignInAsync();
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(Server.Address.Host, Server.Address.Port);
        var stream = tcp.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            )
        );
        using var reader = new StreamReader(stream);

        var answer = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"invalidRequest\"", answer, StringComparison.Ordinal);
        Assert.NotEmpty(Server.Output);
        Assert.DoesNotContain(Server.Output, line => line.StartsWith("fail: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task UnknownPath_IsAProblemToo()
    {
        using var answer = await Server.Http.GetAsync(new Uri("/api/nothing", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        await ProblemAsync(answer, "notFound");
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

    private async Task<HttpResponseMessage> PostAsync(HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/presence") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            (await Server.SignInAsync()).AccessToken
        );
        return await Server.Http.SendAsync(request);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            token ?? (await Server.SignInAsync()).AccessToken
        );
        return await Server.Http.SendAsync(request);
    }
}
