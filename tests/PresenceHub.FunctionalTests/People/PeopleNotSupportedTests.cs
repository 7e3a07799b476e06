using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.People;

public sealed class PeopleNotSupportedTests
{
    [Theory]
    [InlineData("?emails=a@x.example")]
    [InlineData("/11111111-2222-3333-4444-555555555555/photo")]
    public async Task Get_GraphRefuses_Is501WithThePermissionAndPresenceGoesOn(string query)
    {
        await using var server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string> { ["Emulator__ApplicationPermissions"] = "Presence.Read.All" }
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/people{query}");
        var (token, _) = await server.SignInAsync();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var answer = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotImplemented, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("notSupported", problem.GetProperty("code").GetString());
        Assert.Contains("User.ReadBasic.All", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await server.OutputLineAsync("Graph refuses to answer about people");
        var person = (await server.Emulator.PeopleAsync())[0];
        await using var client = await WatchingClient.ConnectAsync(server);
        await client.Client.WatchAsync([person]);
        await client.LiveAsync(person);
    }

    [Fact]
    public async Task List_WithoutThePermissionForDepartments_Is501ForThemOnly()
    {
        await using var server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string>
            {
                ["Emulator__ApplicationPermissions"] = "Presence.Read.All User.ReadBasic.All",
            }
        );
        server.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            (await server.SignInAsync()).AccessToken
        );

        using var refused = await server.Http.GetAsync("/api/people?department=Sales");

        Assert.Equal(HttpStatusCode.NotImplemented, refused.StatusCode);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains("User.Read.All", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await server.OutputLineAsync("Graph refuses to list a department");
        var people = await server.Http.GetFromJsonAsync<JsonElement>("/api/people?all=true&top=5");
        Assert.Equal(5, people.GetProperty("people").GetArrayLength());
    }

    [Theory]
    [InlineData("?ids=none")]
    [InlineData("?search=a")]
    [InlineData("?all=true")]
    [InlineData("/11111111-2222-3333-4444-555555555555/photo")]
    public async Task Get_SwitchedOff_Is501WithTheSettingWhateverIsKnown(string query)
    {
        await using var server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string> { ["People__Enabled"] = "false" }
        );
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/people{query}");
        var (token, _) = await server.SignInAsync();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var answer = await server.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotImplemented, answer.StatusCode);
        Assert.Contains("People:Enabled", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await server.Emulator.RequestsAsync("listUsers"));
    }
}
