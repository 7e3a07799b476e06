using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace PresenceHub.Fleet.Identities;

/// <summary>
/// Tokens of invented watchers, from a hub that simulates Graph. Each identity keeps its watcher when its token is
/// renewed.
/// </summary>
internal sealed class SimulationTokens(HttpClient http, Uri hub) : ITokenSource
{
    private const string WatcherPrefix = "f1ee7000-0000-4000-8000-";

    private readonly int _run = Random.Shared.Next(0xffff);

    public int? Count => null;

    public async Task<string> GetAsync(int identity, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(
            new Uri(hub, "/dev/token"),
            new { watcherId = $"{WatcherPrefix}{_run:x4}{identity:x8}" },
            cancellationToken
        );
        if (response.StatusCode is HttpStatusCode.NotFound)
        {
            throw new FleetException(
                $"{hub} does not simulate Graph, so it gives out no tokens: use --token-file or --token-command."
            );
        }

        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return answer.GetProperty("accessToken").GetString()!;
    }
}
