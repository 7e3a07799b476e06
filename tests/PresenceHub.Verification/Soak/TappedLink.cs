using PresenceHub.Client;
using PresenceHub.Contracts;
using PresenceHub.Verification.Invariants;

namespace PresenceHub.Verification.Soak;

/// <summary>A client's connection, whose calls and answers are written down.</summary>
internal sealed class TappedLink(IHubLink link, string client, RunLog log) : IHubLink
{
    public Task<Exception?> Closed => link.Closed;

    public Task StartAsync(CancellationToken cancellationToken) => link.StartAsync(cancellationToken);

    public async Task<WatchResult> WatchAsync(WatchRequest request, CancellationToken cancellationToken)
    {
        log.Add(at => new HubEvent.Asked(at, client, [.. request.Ids]));
        var result = await link.WatchAsync(request, cancellationToken);
        log.Add(at => new HubEvent.Answered(at, client, request, result));
        return result;
    }

    public Task UnwatchAsync(string[] ids, CancellationToken cancellationToken) =>
        link.UnwatchAsync(ids, cancellationToken);

    public Task<IReadOnlyList<PresenceEntry>> GetAsync(string[] ids, CancellationToken cancellationToken) =>
        link.GetAsync(ids, cancellationToken);

    public ValueTask DisposeAsync() => link.DisposeAsync();

    /// <summary>What the hub says on the connection, written down before the client makes anything of it.</summary>
    internal sealed class Receiver(IPresenceClient receiver, string client, RunLog log) : IPresenceClient
    {
        public Task PresenceChanged(IReadOnlyList<PresenceEntry> entries)
        {
            foreach (var entry in entries)
            {
                log.Add(at => new HubEvent.Told(at, client, entry));
            }

            return receiver.PresenceChanged(entries);
        }

        public Task Bookmark(string cursor) => receiver.Bookmark(cursor);

        public Task Revoked(IReadOnlyList<string> ids) => receiver.Revoked(ids);

        public Task Draining(DrainNotice notice) => receiver.Draining(notice);
    }
}
