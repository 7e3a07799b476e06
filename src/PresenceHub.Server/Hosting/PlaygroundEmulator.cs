using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Hosting;

/// <summary>Calls the control API of the Graph emulator.</summary>
internal sealed class PlaygroundEmulator(IHttpClientFactory http, IOptions<GraphOptions> options) : IDisposable
{
    /// <summary>All that the hub asks of Graph about presence. People stay readable, so that the page can be loaded
    /// meanwhile; tokens stay too, so that clients can connect.</summary>
    private static readonly string[] Operations =
    [
        "getPresencesByUserId",
        "createSubscription",
        "listSubscriptions",
        "getSubscription",
        "updateSubscription",
        "deleteSubscription",
        "reauthorizeSubscription",
    ];

    private readonly SemaphoreSlim _change = new(1);
    private readonly Uri _address = options.Value.ServiceUri;

    /// <summary>Whether Graph is away, and whether notifications are lost.</summary>
    public async Task<(bool GraphIsAway, bool NotificationsAreLost)> ReadFaultsAsync(
        CancellationToken cancellationToken
    )
    {
        using var client = http.CreateClient(GraphClients.AuthorityHttpClient);
        var plan = await client.GetFromJsonAsync<JsonElement>(At("faults"), cancellationToken);
        return (
            plan.GetProperty("requests")
                .EnumerateArray()
                .Any(rule =>
                    rule.GetProperty("operation").ValueEquals(Operations[0])
                    && rule.GetProperty("status").ValueKind is JsonValueKind.Number
                ),
            plan.GetProperty("notifications").GetProperty("lose").GetDouble() >= 1
        );
    }

    /// <summary>Replaces all faults of the emulator. Those that are null stay as they are.</summary>
    public async Task ChangeFaultsAsync(
        bool? graphIsAway,
        bool? notificationsAreLost,
        CancellationToken cancellationToken
    )
    {
        // Otherwise the second of two switches would undo the first.
        await _change.WaitAsync(cancellationToken);
        try
        {
            var (isAway, areLost) = await ReadFaultsAsync(cancellationToken);
            await SetFaultsAsync(graphIsAway ?? isAway, notificationsAreLost ?? areLost, cancellationToken);
        }
        finally
        {
            _change.Release();
        }
    }

    public void Dispose() => _change.Dispose();

    private async Task SetFaultsAsync(bool graphIsAway, bool notificationsAreLost, CancellationToken cancellationToken)
    {
        var plan = new
        {
            requests = (graphIsAway ? Operations : []).Select(operation => new { operation, status = 503 }),
            notifications = new { lose = notificationsAreLost ? 1 : 0 },
        };
        using var client = http.CreateClient(GraphClients.AuthorityHttpClient);
        using var answer = await client.PutAsJsonAsync(At("faults"), plan, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The person shows a presence until it is released.</summary>
    /// <returns>False if there is no such person.</returns>
    public Task<bool> TryShowAsync(Guid person, PlaygroundPresence presence, CancellationToken cancellationToken) =>
        TryAsync(client => client.PutAsJsonAsync(PresenceOf(person), presence, cancellationToken));

    /// <summary>The simulation decides again what the person shows.</summary>
    /// <returns>False if there is no such person.</returns>
    public Task<bool> TryReleaseAsync(Guid person, CancellationToken cancellationToken) =>
        TryAsync(client => client.DeleteAsync(PresenceOf(person), cancellationToken));

    private async Task<bool> TryAsync(Func<HttpClient, Task<HttpResponseMessage>> send)
    {
        using var client = http.CreateClient(GraphClients.AuthorityHttpClient);
        using var answer = await send(client);
        if (answer.StatusCode is HttpStatusCode.NotFound)
        {
            return false;
        }

        answer.EnsureSuccessStatusCode();
        return true;
    }

    private Uri PresenceOf(Guid person) => At($"people/{person}/presence");

    private Uri At(string path) => new(_address, $"/emulator/{path}");
}
