using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using PresenceHub.Fleet.Hub;
using PresenceHub.Fleet.Identities;
using PresenceHub.Fleet.Watching;

namespace PresenceHub.Fleet.Checking;

/// <summary>
/// Reads what the store holds over the REST API of every node, and takes the newest answer of each subject.
/// </summary>
internal sealed class StoreReader(
    HttpClient http,
    IReadOnlyList<Uri> nodes,
    IdentityPool identities,
    SubjectTable subjects,
    CallLimit limit,
    TimeProvider time
)
{
    private const int MostAttempts = 10;

    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(1);

    private int _turn;

    public async Task<IReadOnlyDictionary<int, StoreEntry>> ReadAsync(
        IEnumerable<int> wanted,
        CancellationToken cancellationToken
    )
    {
        var entries = new EntrySink(subjects);
        foreach (var chunk in wanted.Chunk(limit.Value))
        {
            foreach (var node in nodes)
            {
                JsonHubMessageReader.ReadAnswer(
                    await PostAsync(node, [.. chunk.Select(subjects.TextOf)], cancellationToken),
                    entries
                );
            }
        }

        return entries.Entries;
    }

    private async Task<byte[]> PostAsync(Uri node, string[] ids, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            // Calls are limited per watcher, so the requests take turns between the watchers.
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(node, "/api/presence"))
            {
                Content = JsonContent.Create(new { ids }),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Bearer",
                identities.TokenOf(_turn++ % identities.Count)
            );
            using var response = await http.SendAsync(request, cancellationToken);
            var isBusy = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
            if (!isBusy || attempt == MostAttempts)
            {
                response.EnsureSuccessStatusCode();
                return await response.Content.ReadAsByteArrayAsync(cancellationToken);
            }

            await Task.Delay(response.Headers.RetryAfter?.Delta ?? DefaultRetryAfter, time, cancellationToken);
        }
    }

    private sealed class EntrySink(SubjectTable subjects) : IHubMessageSink
    {
        public Dictionary<int, StoreEntry> Entries { get; } = [];

        public void Entry(in EntryView entry, EntrySource source)
        {
            var read = new StoreEntry(
                new EntryOrder(entry.Epoch, entry.Revision),
                EntryPrint.OfState(entry.Availability, entry.Activity)
            );
            if (
                subjects.TryFind(entry.Id, out var subject)
                && (!Entries.TryGetValue(subject, out var known) || read.Order.CompareTo(known.Order) > 0)
            )
            {
                Entries[subject] = read;
            }
        }

        public void Rejected(string id, string reason) { }

        public void Bookmark(string cursor) { }

        public void Revoked(Guid id) { }

        public void Draining(TimeSpan reconnectAfter) { }

        public void Completed(string invocationId, string? error, string? cursor) { }

        public void Ping() { }

        public void Closing(string? error, bool allowReconnect) { }
    }
}
