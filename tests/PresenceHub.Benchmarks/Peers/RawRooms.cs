using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using PresenceHub.Contracts;

namespace PresenceHub.Benchmarks.Peers;

/// <summary>
/// Broadcasts over plain WebSockets on Kestrel: each change is serialised once and sent once per connection.
/// </summary>
internal sealed class RawRooms(IPresenceTable presences) : IBroadcaster
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<RawConnection, bool>> _rooms = new();

    public async Task RunAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        var connection = new RawConnection(socket);
        var joined = new List<string>();
        try
        {
            while (await connection.ReceiveAsync<WatchRequest>(cancellationToken) is { } request)
            {
                foreach (var id in request.Ids)
                {
                    _rooms.GetOrAdd(id, _ => new()).TryAdd(connection, true);
                }

                joined.AddRange(request.Ids);
                var result = new WatchResult(await presences.GetAsync(request.Ids), [], string.Empty);
                await connection.SendAsync(
                    JsonSerializer.SerializeToUtf8Bytes(result, JsonSerializerOptions.Web),
                    cancellationToken
                );
            }
        }
        catch (WebSocketException)
        {
            // The client is gone.
        }
        finally
        {
            foreach (var id in joined)
            {
                _rooms[id].TryRemove(connection, out _);
            }

            connection.Dispose();
        }
    }

    public async Task SendAsync(PresenceEntry entry)
    {
        if (!_rooms.TryGetValue(entry.Id, out var room))
        {
            return;
        }

        var message = JsonSerializer.SerializeToUtf8Bytes(entry, JsonSerializerOptions.Web);
        var incomplete = new List<Task>();
        foreach (var (connection, _) in room)
        {
            var send = connection.SendAsync(message, CancellationToken.None);
            if (!send.IsCompletedSuccessfully)
            {
                incomplete.Add(send.AsTask());
            }
        }

        // A connection that breaks ends in its own receive loop.
        await Task.WhenAll(incomplete).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
