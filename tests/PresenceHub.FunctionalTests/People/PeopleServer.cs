using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace PresenceHub.FunctionalTests.People;

/// <summary>A server on which people are looked up. One watcher may see no one.</summary>
public sealed class PeopleServer()
    : SharedHub(
        ("WatchPolicy__DeniedWatchers__0", DeniedWatcher),
        ("Quotas__PeopleRequestsPerMinute", $"{RequestsPerMinute}"),
        // A watcher meets the quota before the rate of calls.
        ("WatchLists__CallBurst", "100")
    )
{
    /// <summary>The smallest quota.</summary>
    public const int RequestsPerMinute = 20;

    private const string DeniedWatcher = "dddddddd-0000-4000-8000-00000000c0de";

    /// <summary>A token of a watcher of its own, whose quotas no other test uses.</summary>
    internal async Task<string> SignInAsync() => (await Server.SignInAsync()).AccessToken;

    /// <summary>A token of the watcher who may see no one.</summary>
    internal async Task<string> SignInDeniedAsync() => (await Server.SignInAsync(DeniedWatcher)).AccessToken;

    /// <param name="query">Below <c>/api/people</c>.</param>
    /// <param name="token">Null sends none.</param>
    /// <param name="known">The entity tag that the caller has.</param>
    internal async Task<HttpResponseMessage> GetAsync(string query, string? token, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"/api/people{query}", UriKind.Relative));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (known is not null)
        {
            request.Headers.IfNoneMatch.Add(known);
        }

        return await Server.Http.SendAsync(request);
    }

    internal async Task<JsonElement> ReadAsync(string query, string token)
    {
        using var answer = await GetAsync(query, token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The person at a position of the directory, as the hub answers.</summary>
    internal async Task<JsonElement> PersonAsync(int index)
    {
        var id = (await Server.Emulator.PeopleAsync())[index];
        var answer = await ReadAsync($"?ids={id}", await SignInAsync());
        return Assert.Single(answer.GetProperty("people").EnumerateArray());
    }

    /// <summary>Requests to Graph that a call causes.</summary>
    internal async Task<long> CountAsync(string operation, Func<Task> call)
    {
        var before = await Server.Emulator.RequestsAsync(operation);
        await call();
        return await Server.Emulator.RequestsAsync(operation) - before;
    }
}
