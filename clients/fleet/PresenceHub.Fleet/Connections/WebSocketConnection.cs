using System.Buffers;
using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace PresenceHub.Fleet.Connections;

/// <summary>
/// A WebSocket client for many connections: one buffer of 4 KB, one receive loop, no allocation per message. Messages
/// go to the receiver in the pieces in which they arrive; sends are serialised.
/// </summary>
internal sealed class WebSocketConnection : IDisposable
{
    private const int BufferBytes = 4096;
    private const int IpProtocolLevel = 0;
    private const int BindAddressNoPort = 24;
    private const int CloseCodeBytes = 2;

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly byte[] _buffer;
    private readonly FrameReader _frames;
    private readonly ReceivePace? _pace;
    private readonly SemaphoreSlim _sending = new(1);
    private bool _closeSent;

    private WebSocketConnection(
        Socket socket,
        Stream stream,
        byte[] buffer,
        IWebSocketReceiver receiver,
        ReceivePace? pace
    )
    {
        (_socket, _stream, _buffer, _pace) = (socket, stream, buffer, pace);
        _frames = new FrameReader(receiver);
    }

    /// <summary>Completes when the connection has ended, with the reason. It never fails.</summary>
    public Task<WebSocketClosure> Completion { get; private set; } = Task.FromResult(WebSocketClosure.Cut);

    /// <summary>Connects, upgrades and starts to receive.</summary>
    public static async Task<WebSocketConnection> ConnectAsync(
        WebSocketTarget target,
        WebSocketSettings settings,
        IWebSocketReceiver receiver,
        CancellationToken cancellationToken
    )
    {
        var socket = new Socket(target.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            Prepare(socket, settings);
            await socket.ConnectAsync(target.EndPoint, cancellationToken).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (target.IsSecure)
            {
                stream = await EncryptAsync(stream, target, settings, cancellationToken).ConfigureAwait(false);
            }

            var buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
            var (start, end) = await WebSocketUpgrade
                .RunAsync(stream, target, settings.AccessToken, buffer, cancellationToken)
                .ConfigureAwait(false);
            var connection = new WebSocketConnection(socket, stream, buffer, receiver, settings.Pace);
            connection.Completion = connection.ReceiveAsync(start, end);
            return connection;
        }
        catch
        {
            stream?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends one message; concurrent calls are sent one after the other.</summary>
    public async ValueTask SendAsync(
        WebSocketOpcode opcode,
        ReadOnlyMemory<byte> payload,
        CancellationToken cancellationToken
    )
    {
        var frame = ArrayPool<byte>.Shared.Rent(payload.Length + FrameWriter.Overhead);
        try
        {
            var length = FrameWriter.Write(frame, opcode, payload.Span, NextMask());
            await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await _stream.WriteAsync(frame.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _sending.Release();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    /// <summary>Sends a close frame and waits for the server's; the token ends the wait.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        try
        {
            _closeSent = true;
            await SendCloseAsync(cancellationToken).ConfigureAwait(false);
            await Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsEnd(exception) || exception is OperationCanceledException) { }

        Dispose();
    }

    /// <summary>Resets the connection, as a lost network does. No port is left in TIME_WAIT.</summary>
    public void Abort()
    {
        try
        {
            _socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (IsEnd(exception)) { }

        Dispose();
    }

    public void Dispose()
    {
        _pace?.End();
        _stream.Dispose();
    }

    private static void Prepare(Socket socket, WebSocketSettings settings)
    {
        if (settings.ReceiveBufferBytes is { } bytes)
        {
            socket.ReceiveBufferSize = bytes;
        }

        if (settings.LocalAddress is { } address)
        {
            if (OperatingSystem.IsLinux())
            {
                // The port is then chosen at connect, when the kernel knows the peer: a port can be in use towards
                // another server.
                socket.SetRawSocketOption(IpProtocolLevel, BindAddressNoPort, BitConverter.GetBytes(1));
            }

            socket.Bind(new System.Net.IPEndPoint(address, 0));
        }
    }

    private static async Task<Stream> EncryptAsync(
        Stream stream,
        WebSocketTarget target,
        WebSocketSettings settings,
        CancellationToken cancellationToken
    )
    {
        var options = new SslClientAuthenticationOptions { TargetHost = target.Address.DnsSafeHost };
        if (settings.TrustAnyCertificate)
        {
#pragma warning disable CA5359 // Asked for by the caller, for a server on loopback that makes its own certificate.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        var encrypted = new SslStream(stream);
        await encrypted.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
        return encrypted;
    }

    private async Task<WebSocketClosure> ReceiveAsync(int start, int end)
    {
        // The caller of ConnectAsync goes on first: it may not have stored the connection yet.
        await Task.Yield();
        try
        {
            while (true)
            {
                while (start < end)
                {
                    start += _frames.Read(_buffer.AsSpan(start, end - start), out var control);
                    if (control is not null && await AnswerAsync(control).ConfigureAwait(false) is { } closed)
                    {
                        return closed;
                    }
                }

                if (_pace is not null)
                {
                    await _pace.WaitAsync(end).ConfigureAwait(false);
                }

                var room = _pace?.NextReadBytes(_buffer.Length) ?? _buffer.Length;
                (start, end) = (0, await _stream.ReadAsync(_buffer.AsMemory(0, room)).ConfigureAwait(false));
                if (end is 0)
                {
                    return WebSocketClosure.Cut;
                }
            }
        }
        catch (Exception exception) when (IsEnd(exception))
        {
            return new WebSocketClosure(null, null, exception);
        }
        finally
        {
            Dispose();
        }
    }

    private async ValueTask<WebSocketClosure?> AnswerAsync(ControlFrame control)
    {
        switch (control.Opcode)
        {
            case WebSocketOpcode.Ping:
                await SendAsync(WebSocketOpcode.Pong, control.Payload, CancellationToken.None).ConfigureAwait(false);
                return null;
            case WebSocketOpcode.Close:
                if (!_closeSent)
                {
                    await SendCloseAsync(CancellationToken.None).ConfigureAwait(false);
                }

                return control.Payload.Length < CloseCodeBytes
                    ? WebSocketClosure.Cut
                    : new WebSocketClosure(
                        BinaryPrimitives.ReadUInt16BigEndian(control.Payload),
                        Encoding.UTF8.GetString(control.Payload.AsSpan(CloseCodeBytes)),
                        null
                    );
            default:
                return null;
        }
    }

    private ValueTask SendCloseAsync(CancellationToken cancellationToken)
    {
        const int NormalClosure = 1000;
        var payload = new byte[CloseCodeBytes];
        BinaryPrimitives.WriteUInt16BigEndian(payload, NormalClosure);
        return SendAsync(WebSocketOpcode.Close, payload, cancellationToken);
    }

    private static uint NextMask()
    {
        Span<byte> mask = stackalloc byte[sizeof(uint)];
        RandomNumberGenerator.Fill(mask);
        return BinaryPrimitives.ReadUInt32LittleEndian(mask);
    }

    private static bool IsEnd(Exception exception) =>
        exception is IOException or SocketException or ObjectDisposedException;
}
