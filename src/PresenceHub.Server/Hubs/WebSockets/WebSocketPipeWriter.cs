using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;

namespace PresenceHub.Server.Hubs.WebSockets;

/// <summary>
/// Sends each flush as one WebSocket message, without a pipe and a loop in between. The caller, SignalR's connection
/// context, writes one message at a time.
/// </summary>
internal sealed class WebSocketPipeWriter(WebSocket socket, TimeProvider time) : PipeWriter
{
    private const int MinimumBufferBytes = 512;

    private byte[]? _buffer;
    private int _buffered;
    private long _sendingSince;
    private volatile bool _isAborted;

    /// <summary>Text for the <c>json</c> hub protocol, binary for <c>messagepack</c>.</summary>
    public WebSocketMessageType MessageType { get; set; }

    /// <summary>How long the send in flight has waited for the client; zero when none is in flight.</summary>
    public TimeSpan SendingFor =>
        Volatile.Read(ref _sendingSince) is not 0 and var since ? time.GetElapsedTime(since) : TimeSpan.Zero;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = _buffered + Math.Max(sizeHint, 1);
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(MinimumBufferBytes, needed));
        }
        else if (_buffer.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, needed));
            _buffer.AsSpan(0, _buffered).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(_buffered);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes) => _buffered += bytes;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_buffer is not { } buffer || _buffered is 0)
        {
            return default;
        }

        var message = buffer.AsMemory(0, _buffered);
        (_buffer, _buffered) = (null, 0);
        return SendAsync(message, buffer);
    }

    public override ValueTask<FlushResult> WriteAsync(
        ReadOnlyMemory<byte> source,
        CancellationToken cancellationToken = default
    )
    {
        if (_buffered is 0)
        {
            return SendAsync(source, rented: null);
        }

        source.Span.CopyTo(GetSpan(source.Length));
        Advance(source.Length);
        return FlushAsync(cancellationToken);
    }

    /// <summary>SignalR calls this when it aborts the connection. A send in flight is then waiting for a client that
    /// accepts nothing.</summary>
    public override void CancelPendingFlush()
    {
        _isAborted = true;
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sendingSince) is not 0)
        {
            socket.Abort();
        }
    }

    public override void Complete(Exception? exception = null) { }

    private ValueTask<FlushResult> SendAsync(ReadOnlyMemory<byte> message, byte[]? rented)
    {
        ValueTask sending;
        try
        {
            // With a cancellable token the WebSocket uses a slower path that allocates for every message.
            sending = socket.SendAsync(message, MessageType, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception exception) when (IsClosed(exception))
        {
            sending = ValueTask.FromException(exception);
        }

        if (!sending.IsCompletedSuccessfully)
        {
            return FinishAsync(sending, rented);
        }

        Return(rented);
        return default;
    }

    private async ValueTask<FlushResult> FinishAsync(ValueTask sending, byte[]? rented)
    {
        Volatile.Write(ref _sendingSince, time.GetTimestamp());
        Interlocked.MemoryBarrier();
        if (_isAborted)
        {
            // The abort came before this send was visible to it.
            socket.Abort();
        }

        try
        {
            await sending;
            return default;
        }
        catch (Exception exception) when (IsClosed(exception))
        {
            // A client that leaves is no error. The receive loop ends as well and closes the connection.
            return new FlushResult(isCanceled: false, isCompleted: true);
        }
        finally
        {
            Volatile.Write(ref _sendingSince, 0);
            Return(rented);
        }
    }

    private static void Return(byte[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static bool IsClosed(Exception exception) =>
        exception is WebSocketException or IOException or InvalidOperationException or OperationCanceledException;
}
