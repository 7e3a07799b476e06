using System.Net.Sockets;

namespace PresenceHub.Server.Hubs.WebSockets;

/// <summary>
/// The stream of an upgraded plaintext connection that writes directly to the socket. Kestrel's stream copies each
/// write into a pipe and sends it on another thread.
/// </summary>
/// <remarks>
/// Writes use Kestrel's stream until the client has sent something, which proves that the response to the upgrade has
/// left Kestrel's pipe. A connection that has written through Kestrel continues to do so, because the two paths have no
/// common order.
/// </remarks>
internal sealed class SocketWriteStream(Stream upgraded, Socket socket) : Stream
{
    private bool _hasReceived;
    private bool _hasWrittenUpgraded;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _hasReceived ? upgraded.ReadAsync(buffer, cancellationToken) : ReadFirstAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_hasWrittenUpgraded || !Volatile.Read(ref _hasReceived))
        {
            _hasWrittenUpgraded = true;
            return upgraded.WriteAsync(buffer, cancellationToken);
        }

        var sent = socket.Send(buffer.Span, SocketFlags.None, out var error);
        if (error is SocketError.Success && sent == buffer.Length)
        {
            return ValueTask.CompletedTask;
        }

        return error is SocketError.Success or SocketError.WouldBlock
            ? SendRestAsync(buffer[sent..], cancellationToken)
            : ValueTask.FromException(new IOException("The connection is closed", new SocketException((int)error)));
    }

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        _hasWrittenUpgraded ? upgraded.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            upgraded.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = await upgraded.ReadAsync(buffer, cancellationToken);
        if (count > 0)
        {
            // A synchronous send must return at once when the client is slow.
            socket.Blocking = false;
            Volatile.Write(ref _hasReceived, true);
        }

        return count;
    }

    private async ValueTask SendRestAsync(ReadOnlyMemory<byte> rest, CancellationToken cancellationToken)
    {
        try
        {
            while (rest.Length > 0)
            {
                rest = rest[await socket.SendAsync(rest, SocketFlags.None, cancellationToken)..];
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw new IOException("The connection is closed", exception);
        }
    }
}
