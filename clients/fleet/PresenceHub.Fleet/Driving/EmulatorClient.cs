using System.Net.Http.Json;
using System.Text.Json;

namespace PresenceHub.Fleet.Driving;

/// <summary>The emulator's control API (<c>docs/emulator.md</c>).</summary>
internal sealed class EmulatorClient : IDisposable
{
    private const int PeoplePerPage = 10_000;

    private readonly HttpClient _http;

    public EmulatorClient(Uri address)
    {
        var handler = new SocketsHttpHandler();
        if (address.IsLoopback)
        {
#pragma warning disable CA5359 // The emulator makes its authority at each start and listens on loopback only.
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        _http = new HttpClient(handler) { BaseAddress = address };
    }

    public Uri Address => _http.BaseAddress!;

    /// <summary>Sets presences at one moment, in the order of the list.</summary>
    public async Task PinAsync(IReadOnlyList<PinnedPresence> presences, CancellationToken cancellationToken)
    {
        using var response = await _http.PutAsJsonAsync("/emulator/presences", presences, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Gives people back to the simulation.</summary>
    public async Task UnpinAsync(IEnumerable<Guid> people, CancellationToken cancellationToken)
    {
        foreach (var id in people)
        {
            using var response = await _http.DeleteAsync(
                new Uri($"/emulator/people/{id}/presence", UriKind.Relative),
                cancellationToken
            );
        }
    }

    /// <summary>What Graph shows of each person now.</summary>
    public async Task<IReadOnlyDictionary<Guid, PinnedPresence>> ReadAsync(CancellationToken cancellationToken)
    {
        var all = new Dictionary<Guid, PinnedPresence>();
        for (var from = 0; ; from += PeoplePerPage)
        {
            var page = await _http.GetFromJsonAsync<JsonElement>(
                $"/emulator/people?from={from}&count={PeoplePerPage}",
                cancellationToken
            );
            foreach (var person in page.EnumerateArray())
            {
                var id = person.GetProperty("id").GetGuid();
                all[id] = new PinnedPresence(
                    id,
                    person.GetProperty("availability").GetString()!,
                    person.GetProperty("activity").GetString()!
                );
            }

            // Deleted people are left out of a page, so only an empty one is the last.
            if (page.GetArrayLength() is 0)
            {
                return all;
            }
        }
    }

    /// <summary>People whose changes Graph notifies; those of others are found by polling.</summary>
    public async Task<IReadOnlySet<Guid>> ReadCoveredAsync(CancellationToken cancellationToken)
    {
        var subscriptions = await _http.GetFromJsonAsync<JsonElement>("/emulator/subscriptions", cancellationToken);
        return subscriptions
            .EnumerateArray()
            .SelectMany(subscription => subscription.GetProperty("ids").EnumerateArray())
            .Select(id => id.GetGuid())
            .ToHashSet();
    }

    public void Dispose() => _http.Dispose();
}
