using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>What the playground may do to the simulation, and which pages may ask for it.</summary>
public sealed class PlaygroundTests(PlaygroundTests.SharedServer shared) : IClassFixture<PlaygroundTests.SharedServer>
{
    private const string Faults = "/playground/control/faults";

    private HubServer Server => shared.Server;

    private string Own => Server.Address.GetLeftPart(UriPartial.Authority);

    [Fact]
    public async Task Presence_OfAPerson_IsShownUntilItIsReleased()
    {
        var id = (await Server.PeopleAsync())[0];
        var path = $"/playground/control/people/{id}/presence";

        using var shown = await SendAsync(HttpMethod.Put, path, """{"availability":"Busy","activity":"InACall"}""");
        using var released = await SendAsync(HttpMethod.Delete, path);

        Assert.Equal(HttpStatusCode.NoContent, shown.StatusCode);
        Assert.Equal(("Busy", "InACall"), await Server.Emulator.PresenceOfAsync(id));
        Assert.Equal(HttpStatusCode.NoContent, released.StatusCode);
    }

    [Fact]
    public async Task Faults_SetOneByOne_KeepTheOther()
    {
        try
        {
            var lost = await StateAfterAsync("""{"notificationsAreLost":true}""");
            var both = await StateAfterAsync("""{"graphIsAway":true}""");
            var away = await StateAfterAsync("""{"notificationsAreLost":false}""");
            var none = await StateAfterAsync("""{"graphIsAway":false}""");

            Assert.Equal([(false, true), (true, true), (true, false), (false, false)], [lost, both, away, none]);
        }
        finally
        {
            await Server.Emulator.EndFaultsAsync();
        }
    }

    [Fact]
    public async Task Faults_SetAtTheSameTime_AreBothSet()
    {
        try
        {
            await Task.WhenAll(
                StateAfterAsync("""{"notificationsAreLost":true}"""),
                StateAfterAsync("""{"graphIsAway":true}""")
            );

            Assert.Equal((true, true), await StateAfterAsync("{}"));
        }
        finally
        {
            await Server.Emulator.EndFaultsAsync();
        }
    }

    [Fact]
    public async Task State_SaysWhenPresenceIsReadAndStale()
    {
        using var answer = await SendAsync(HttpMethod.Get, "/playground/control");

        var state = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(60, state.GetProperty("pollingSeconds").GetDouble());
        Assert.Equal(130, state.GetProperty("staleAfterSeconds").GetDouble());
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task RestartStore_OfAServerOfItsOwn_IsRefusedAndNamesTheSetting()
    {
        using var answer = await SendAsync(HttpMethod.Post, "/playground/control/store/restart", "{}");

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("Redis:ConnectionString", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"graphIsAway\":\"yes\"}", HttpStatusCode.BadRequest, "graphIsAway")]
    [InlineData("{", HttpStatusCode.BadRequest, "JSON")]
    [InlineData("null", HttpStatusCode.BadRequest, "object")]
    public async Task Faults_Malformed_AreRefusedByName(string body, HttpStatusCode status, string named)
    {
        using var answer = await SendAsync(HttpMethod.Put, Faults, body);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(named, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"availability\":\"Busy\"}", "activity")]
    [InlineData("{\"availability\":\"<b>\",\"activity\":\"InACall\"}", "availability")]
    [InlineData("{\"availability\":7,\"activity\":\"InACall\"}", "availability")]
    public async Task Presence_Malformed_IsRefusedByName(string body, string named)
    {
        var id = (await Server.PeopleAsync())[0];

        using var answer = await SendAsync(HttpMethod.Put, $"/playground/control/people/{id}/presence", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.StartsWith(named, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUT", "{\"availability\":\"Busy\",\"activity\":\"InACall\"}")]
    [InlineData("DELETE", null)]
    public async Task Presence_OfNoPersonOfTheSimulation_IsNotFound(string method, string? body)
    {
        using var answer = await SendAsync(
            new HttpMethod(method),
            $"/playground/control/people/{Guid.NewGuid()}/presence",
            body
        );

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Body_LongerThanAChangeNeeds_IsRefused()
    {
        using var answer = await SendAsync(HttpMethod.Put, Faults, $"{{\"x\":\"{new string('x', 2000)}\"}}");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData("PUT", Faults)]
    [InlineData("POST", "/playground/control/store/restart")]
    public async Task Body_OfAForm_IsRefused(string method, string path)
    {
        using var answer = await SendAsync(new HttpMethod(method), path, "{}", contentType: "text/plain");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/playground/control")]
    [InlineData("PUT", Faults)]
    [InlineData("POST", "/playground/control/store/restart")]
    [InlineData("PUT", "/playground/control/people/11111111-2222-3333-4444-555555555555/presence")]
    [InlineData("DELETE", "/playground/control/people/11111111-2222-3333-4444-555555555555/presence")]
    public async Task Control_WithoutAToken_IsUnauthorized(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await Server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("https://elsewhere.example")]
    [InlineData("http://localhost:5173")]
    [InlineData("null")]
    public async Task Control_FromAnotherOrigin_IsForbiddenAndGetsNoCorsHeaders(string origin)
    {
        using var change = await SendAsync(HttpMethod.Put, Faults, """{"graphIsAway":true}""", origin);
        using var preflight = await SendAsync(HttpMethod.Options, Faults, origin: origin);

        Assert.Equal(HttpStatusCode.Forbidden, change.StatusCode);
        Assert.False(preflight.IsSuccessStatusCode);
        Assert.DoesNotContain(change.Headers.Concat(preflight.Headers), header =>
            header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)
        );
        Assert.Equal((false, false), await StateAfterAsync("{}"));
    }

    [Fact]
    public async Task Control_FromThePageItself_IsAnswered()
    {
        using var answer = await SendAsync(HttpMethod.Put, Faults, "{}", Own);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<(bool GraphIsAway, bool NotificationsAreLost)> StateAfterAsync(string faults)
    {
        using var answer = await SendAsync(HttpMethod.Put, Faults, faults);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var state = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (state.GetProperty("graphIsAway").GetBoolean(), state.GetProperty("notificationsAreLost").GetBoolean());
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string? body = null,
        string? origin = null,
        string contentType = "application/json"
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", shared.Token);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, contentType);
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return await Server.Http.SendAsync(request);
    }

    public sealed class SharedServer() : SharedHub()
    {
        internal string Token { get; private set; } = null!;

        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            (Token, _) = await Server.SignInAsync();
        }
    }
}
