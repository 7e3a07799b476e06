using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>The OpenAPI document says what docs/protocol.md says and what the server does.</summary>
public sealed partial class ApiDescriptionTests(ApiDescriptionTests.SharedServer shared)
    : IClassFixture<ApiDescriptionTests.SharedServer>
{
    private const int MaxIds = 321;

    private HubServer Server => shared.Server;

    [Theory]
    [InlineData("/openapi/v1.json")]
    [InlineData("/presence/openapi/v1.json")]
    public async Task Document_WithoutAToken_IsCacheableAndNamesThePrefix(string path)
    {
        using var answer = await Server.Http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.Public);
        Assert.True(answer.Headers.CacheControl.MaxAge > TimeSpan.Zero);
        var document = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var server = Assert.Single(document.GetProperty("servers").EnumerateArray());
        Assert.Equal("/presence", server.GetProperty("url").GetString());
    }

    [Fact]
    public async Task Document_OtherQueryAndToken_IsGeneratedOnce()
    {
        using var first = await Server.Http.GetAsync(new Uri("/openapi/v1.json", UriKind.Relative));
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri("/openapi/v1.json?made=up", UriKind.Relative)
        );
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "made-up");

        using var second = await Server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.NotNull(second.Headers.Age);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Document_HasTheEndpointsOfTheProtocol()
    {
        var protocol = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "protocol.md"));
        var section = protocol[protocol.IndexOf("\n## HTTP", StringComparison.Ordinal)..];
        var documented = Endpoint()
            .Matches(section[..section.IndexOf("Every error", StringComparison.Ordinal)])
            .Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}")
            .Where(endpoint =>
                !endpoint.Contains("/graph/", StringComparison.Ordinal)
                && !endpoint.Contains("/openapi/", StringComparison.Ordinal)
            );

        Assert.Equal(documented.Order(), (await OperationsAsync()).Keys.Order());
    }

    [Fact]
    public async Task Operations_HaveDistinctIdsAndSummaries()
    {
        var operations = (await OperationsAsync()).Values;

        var ids = operations.Select(operation => operation.GetProperty("operationId").GetString()!).ToArray();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(ids, Assert.NotEmpty);
        Assert.All(operations, operation => Assert.NotEmpty(operation.GetProperty("summary").GetString()!));
    }

    [Fact]
    public async Task Document_NamesNoClassOfTheServer()
    {
        var document = await Server.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative));

        Assert.Contains("operationId", document, StringComparison.Ordinal);
        Assert.DoesNotContain("\"tags\"", document, StringComparison.Ordinal);
        Assert.DoesNotContain("Endpoints", document, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /api/presence", "400 401 403 429 503", true)]
    [InlineData("GET /api/presence/stream", "400 401 403 429 503", true)]
    [InlineData("POST /api/presence", "400 401 403 413 415 429 503", true)]
    [InlineData("GET /api/people", "400 401 403 429 501 503", true)]
    [InlineData("GET /api/people/{id}/photo", "400 401 403 429 501 503", true)]
    [InlineData("POST /dev/token", "400 413 503", false)]
    [InlineData("GET /dev/people", "503", false)]
    public async Task Operation_HasItsErrorsAsProblemsAndSaysWhetherItNeedsAToken(
        string endpoint,
        string statuses,
        bool needsToken
    )
    {
        var operation = (await OperationsAsync())[endpoint];

        var errors = operation
            .GetProperty("responses")
            .EnumerateObject()
            .Where(response => response.Name[0] is '4' or '5')
            .ToArray();
        Assert.Equal(statuses.Split(' '), errors.Select(error => error.Name).Order());
        foreach (var error in errors)
        {
            var problem = error.Value.GetProperty("content").GetProperty("application/problem+json");
            Assert.Equal(
                "#/components/schemas/ProblemDetails",
                problem.GetProperty("schema").GetProperty("$ref").GetString()
            );
            Assert.NotEmpty(problem.GetProperty("example").GetProperty("code").GetString()!);
        }

        Assert.Equal(needsToken, operation.TryGetProperty("security", out _));
    }

    [Fact]
    public async Task Limits_AreThoseOfTheSettings()
    {
        var operations = await OperationsAsync();

        var parameter = Assert.Single(operations["GET /api/presence"].GetProperty("parameters").EnumerateArray());
        Assert.Contains($" {MaxIds}.", parameter.GetProperty("description").GetString(), StringComparison.Ordinal);
        var ids = operations["POST /api/presence"]
            .GetProperty("requestBody")
            .GetProperty("content")
            .GetProperty("application/json")
            .GetProperty("schema")
            .GetProperty("properties")
            .GetProperty("ids");
        Assert.Equal(MaxIds, ids.GetProperty("maxItems").GetInt32());
    }

    [Fact]
    public async Task Schemas_HaveTheMembersThatTheServerSends()
    {
        var id = (await Server.PeopleAsync())[0];
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/presence?ids={id},x");
        var (token, _) = await Server.SignInAsync();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await Server.Http.SendAsync(request);
        var result = await answer.Content.ReadFromJsonAsync<JsonElement>();

        await AssertMembersAsync("WatchResult", result);
        await AssertMembersAsync("PresenceEntry", Assert.Single(result.GetProperty("entries").EnumerateArray()));
        await AssertMembersAsync("RejectedSubject", Assert.Single(result.GetProperty("rejected").EnumerateArray()));
    }

    [Fact]
    public async Task SchemasOfPeople_HaveTheMembersThatTheServerSends()
    {
        var id = (await Server.PeopleAsync())[0];
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/people?ids={id},x");
        var (token, _) = await Server.SignInAsync();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await Server.Http.SendAsync(request);
        var result = await answer.Content.ReadFromJsonAsync<JsonElement>();

        await AssertMembersAsync("PeopleResult", result);
        await AssertMembersAsync("FoundPerson", Assert.Single(result.GetProperty("people").EnumerateArray()));
        await AssertMembersAsync("RejectedKey", Assert.Single(result.GetProperty("rejected").EnumerateArray()));
    }

    [Fact]
    public async Task PresenceEntry_HasOpenTokensAndExactIntegers()
    {
        var entry = (await SchemaAsync("PresenceEntry")).GetProperty("properties");

        foreach (var token in (string[])["availability", "activity", "freshness"])
        {
            Assert.Equal("string", entry.GetProperty(token).GetProperty("type").GetString());
            Assert.False(entry.GetProperty(token).TryGetProperty("enum", out _));
        }

        foreach (var number in (string[])["epoch", "revision"])
        {
            Assert.Equal("integer", entry.GetProperty(number).GetProperty("type").GetString());
            Assert.Equal("int64", entry.GetProperty(number).GetProperty("format").GetString());
        }

        Assert.Equal("date-time", entry.GetProperty("since").GetProperty("format").GetString());
    }

    [Fact]
    public async Task Stream_HasItsTypeAndTheParametersOfAResume()
    {
        var stream = (await OperationsAsync())["GET /api/presence/stream"];

        var answer = stream.GetProperty("responses").GetProperty("200").GetProperty("content");
        Assert.Equal("text/event-stream", Assert.Single(answer.EnumerateObject()).Name);
        Assert.Equal(
            ["Last-Event-ID", "cursor", "ids"],
            stream
                .GetProperty("parameters")
                .EnumerateArray()
                .Where(parameter => parameter.GetProperty("description").GetString() is { Length: > 0 })
                .Select(parameter => parameter.GetProperty("name").GetString())
                .Order(StringComparer.Ordinal)
        );
    }

    private async Task AssertMembersAsync(string schema, JsonElement sent)
    {
        var described = (await SchemaAsync(schema)).GetProperty("properties").EnumerateObject();

        Assert.Equal(
            sent.EnumerateObject().Select(member => member.Name).Order(),
            described.Select(member => member.Name).Order()
        );
    }

    private async Task<JsonElement> SchemaAsync(string name) =>
        (await DocumentAsync()).GetProperty("components").GetProperty("schemas").GetProperty(name);

    private async Task<Dictionary<string, JsonElement>> OperationsAsync() =>
        (await DocumentAsync())
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject()
                    .Select(method => ($"{method.Name.ToUpperInvariant()} {path.Name}", method.Value))
            )
            .ToDictionary(operation => operation.Item1, operation => operation.Value);

    private Task<JsonElement> DocumentAsync() => Server.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

    [GeneratedRegex(@"`(GET|POST) (/[a-z/0-9.{}]+)")]
    private static partial Regex Endpoint();

    public sealed class SharedServer()
        : SharedHub(("Http__PathBase", "/presence"), ("WatchLists__MaxIdsPerCall", $"{MaxIds}"));
}
