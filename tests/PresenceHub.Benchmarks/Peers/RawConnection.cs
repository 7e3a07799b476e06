using System.Net.WebSockets;
using System.Text.Json;

namespace PresenceHub.Benchmarks.Peers;

/// <summary>A WebSocket that several senders share: it takes one send at a time.</summary>
internal sealed class RawConnection(WebSocket socket) : IDisposable
{
    private const int MaxMessageBytes = 64 * 1024;

    private readonly SemaphoreSlim _turn = new(1, 1);

    public ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (!_turn.Wait(0, CancellationToken.None))
        {
            return new ValueTask(SendInTurnAsync(message, cancellationToken));
        }

        var send = SendTextAsync(message, cancellationToken);
        if (send.IsCompletedSuccessfully)
        {
            _turn.Release();
            return send;
        }

        return new ValueTask(ReleaseAfterAsync(send));
    }

    /// <summary>
    /// The next message, or null when the client closes. A longer one than <see cref="MaxMessageBytes"/> ends the
    /// connection.
    /// </summary>
    public async Task<T?> ReceiveAsync<T>(CancellationToken cancellationToken)
        where T : class
    {
        // A read of no bytes waits for data without holding a buffer.
        var first = await socket.ReceiveAsync(Memory<byte>.Empty, cancellationToken);
        if (first.MessageType is WebSocketMessageType.Close)
        {
            return null;
        }

        var buffer = new byte[MaxMessageBytes];
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            length += part.Count;
            if (part.MessageType is WebSocketMessageType.Close || (length == buffer.Length && !part.EndOfMessage))
            {
                return null;
            }

            if (part.EndOfMessage)
            {
                return JsonSerializer.Deserialize<T>(buffer.AsSpan(0, length), JsonSerializerOptions.Web);
            }
        }
    }

    public void Dispose() => _turn.Dispose();

    private ValueTask SendTextAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);

    private async Task SendInTurnAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        await ReleaseAfterAsync(SendTextAsync(message, cancellationToken));
    }

    private async Task ReleaseAfterAsync(ValueTask send)
    {
        try
        {
            await send;
        }
        finally
        {
            _turn.Release();
        }
    }
}
