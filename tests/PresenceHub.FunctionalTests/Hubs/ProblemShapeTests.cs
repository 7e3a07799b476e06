using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>Every error over HTTP has one shape, whether the hub or the framework answers.</summary>
[Collection(nameof(BadInputServer))]
public sealed class ProblemShapeTests(BadInputServer shared)
{
    private static readonly string[] Members = ["type", "title", "status", "detail", "code"];

    private HubServer Server => shared.Server;

    [Theory]
    [InlineData("GET", "/nothing")]
    [InlineData("POST", "/nothing")]
    [InlineData("GET", "/assets/nothing.js")]
    [InlineData("GET", "/api/nothing")]
    [InlineData("DELETE", "/api")]
    [InlineData("GET", "/hubs/nothing")]
    [InlineData("GET", "/admin/nothing")]
    [InlineData("DELETE", "/admin/accounts/nothing")]
    [InlineData("GET", "/dev/nothing")]
    [InlineData("GET", "/health/nothing")]
    [InlineData("POST", "/graph/nothing")]
    [InlineData("POST", "/graph/notifications/nothing")]
    [InlineData("POST", "/graph/lifecycle/nothing")]
    public Task UnknownAddress_IsNotFound(string method, string path) => ExpectAsync(method, path, 404, "notFound");

    [Theory]
    [InlineData("PUT", "/api/presence")]
    [InlineData("DELETE", "/api/presence")]
    [InlineData("GET", "/hubs/presence/negotiate")]
    [InlineData("PUT", "/hubs/presence")]
    [InlineData("POST", "/admin/accounts")]
    [InlineData("PUT", "/admin/accounts/connect")]
    [InlineData("GET", "/admin/accounts/7e7a0000-0000-4000-8000-00000000c0de")]
    [InlineData("POST", "/admin/accounts/callback")]
    [InlineData("POST", "/admin/signin")]
    [InlineData("GET", "/dev/token")]
    [InlineData("POST", "/dev/people")]
    [InlineData("GET", "/graph/notifications/nothing")]
    [InlineData("DELETE", "/graph/lifecycle/nothing")]
    public Task UnsupportedMethod_IsNotAllowed(string method, string path) =>
        ExpectAsync(method, path, 405, "methodNotAllowed");

    [Theory]
    [InlineData("/api/presence", "application/json", "{", 400)]
    [InlineData("/api/presence", "text/plain", "ids", 415)]
    [InlineData("/dev/token", "application/json", "[", 400)]
    public Task BadBody_IsAnInvalidRequest(string path, string contentType, string body, int status) =>
        ExpectAsync("POST", path, status, "invalidRequest", new StringContent(body, Encoding.UTF8, contentType));

    [Theory]
    [InlineData("GET", "/api/presence?ids=x", 401)]
    [InlineData("POST", "/hubs/presence/negotiate", 401)]
    [InlineData("DELETE", "/admin/accounts/7e7a0000-0000-4000-8000-00000000c0de", 401)]
    [InlineData("GET", "/admin/accounts/connect/used", 403)]
    public Task Unauthorized_IsUnauthorized(string method, string path, int status) =>
        ExpectAsync(method, path, status, "unauthorized", signIn: false);

    [Theory]
    [InlineData("/api/presence")]
    [InlineData("/dev/token")]
    public Task BodyTooLong_ExceedsALimit(string path) =>
        ExpectAsync(
            "POST",
            path,
            413,
            "limitExceeded",
            JsonContent.Create(new { ids = new[] { new string('x', 70_000) } })
        );

    private async Task ExpectAsync(
        string method,
        string path,
        int status,
        string code,
        HttpContent? content = null,
        bool signIn = true
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };

        // What the caller would rather read does not matter.
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        if (signIn)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer",
                (await Server.SignInAsync()).AccessToken
            );
        }

        using var answer = await Server.Http.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(Members.Order(), problem.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
    }
}
