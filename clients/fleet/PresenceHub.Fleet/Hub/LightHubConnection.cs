using System.Buffers;
using System.Globalization;
using System.Text.Json;
using PresenceHub.Fleet.Connections;

namespace PresenceHub.Fleet.Hub;

/// <summary>
/// One SignalR connection over a light WebSocket: handshake, calls, pings, and the hub's messages to a receiver. It
/// skips negotiation, as clients do that use only WebSockets.
/// </summary>
internal sealed class LightHubConnection : IWebSocketReceiver, IHubMessageSink, IDisposable
{
    private readonly HubProtocol _protocol;
    private readonly IHubReceiver _receiver;
    private readonly TimeProvider _time;
    private readonly MessageAssembler _assembler = new();
    private readonly TaskCompletionSource _handshake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Calls under way. Bounded by the caller: a member watches its list with one call at a time, and replaces one
    // subject at a time.
    private readonly Dictionary<string, TaskCompletionSource<CallResult>> _calls = [];
    private WebSocketConnection? _socket;
    private string? _closeError;
    private bool _isOpen;
    private int _lastInvocation;
    private long _receivedAt;

    private LightHubConnection(HubProtocol protocol, IHubReceiver receiver, TimeProvider time) =>
        (_protocol, _receiver, _time) = (protocol, receiver, time);

    /// <summary>Completes when the connection has ended; it never fails.</summary>
    public Task<WebSocketClosure> Completion { get; private set; } = Task.FromResult(WebSocketClosure.Cut);

    /// <summary>Why the connection ended; set when <see cref="Completion"/> is.</summary>
    public IOException EndError { get; private set; } = new("The connection has not ended");

    /// <summary>When something was received last, as a timestamp of the time provider.</summary>
    public long LastReceivedAt => Volatile.Read(ref _receivedAt);

    public static async Task<LightHubConnection> ConnectAsync(
        WebSocketTarget target,
        WebSocketSettings settings,
        HubProtocol protocol,
        IHubReceiver receiver,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var connection = new LightHubConnection(protocol, receiver, time);
        var socket = await WebSocketConnection
            .ConnectAsync(target, settings, connection, cancellationToken)
            .ConfigureAwait(false);
        connection._socket = socket;
        connection.Completion = connection.WatchEndAsync(socket);
        try
        {
            var request = HandshakeRequest(protocol);
            await socket.SendAsync(WebSocketOpcode.Text, request, cancellationToken).ConfigureAwait(false);
            await connection._handshake.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            socket.Abort();
            throw;
        }
    }

    /// <summary>Calls <c>Watch</c>; the entries of the answer go to the receiver before the task completes.</summary>
    public Task<CallResult> WatchAsync(IEnumerable<string> ids, string? cursor, CancellationToken cancellationToken) =>
        CallAsync((output, id) => _protocol.WriteWatch(output, id, ids, cursor), cancellationToken);

    public Task<CallResult> UnwatchAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        CallAsync((output, id) => _protocol.WriteIdsCall(output, id, HubMethod.Unwatch, ids), cancellationToken);

    /// <summary>Calls <c>Get</c>; the entries of the answer go to the receiver before the task completes.</summary>
    public Task<CallResult> GetAsync(IEnumerable<string> ids, CancellationToken cancellationToken) =>
        CallAsync((output, id) => _protocol.WriteIdsCall(output, id, HubMethod.Get, ids), cancellationToken);

    /// <summary>Sends a ping. The hub closes a client that is silent for 30 s.</summary>
    public ValueTask PingAsync(CancellationToken cancellationToken) =>
        Socket.SendAsync(_protocol.Opcode, _protocol.Ping, cancellationToken);

    public Task CloseAsync(CancellationToken cancellationToken) => Socket.CloseAsync(cancellationToken);

    /// <summary>Resets the connection, as a lost network does.</summary>
    public void Abort() => Socket.Abort();

    public void Dispose() => _socket?.Dispose();

    void IWebSocketReceiver.Receive(ReadOnlySpan<byte> payload, bool endOfMessage)
    {
        Volatile.Write(ref _receivedAt, _time.GetTimestamp());
        if (_assembler.IsEmpty)
        {
            // SignalR's messages are a stream: they need not end where WebSocket messages do.
            var consumed = ReadMessages(payload);
            if (consumed < payload.Length)
            {
                _assembler.Append(payload[consumed..]);
            }
        }
        else
        {
            _assembler.Append(payload);
            _assembler.Consume(ReadMessages(_assembler.Pending));
        }
    }

    void IHubMessageSink.Entry(in EntryView entry, EntrySource source) =>
        _receiver.Entry(in entry, source, _receivedAt);

    void IHubMessageSink.Rejected(string id, string reason) => _receiver.Rejected(id, reason);

    void IHubMessageSink.Bookmark(string cursor) => _receiver.Bookmark(cursor);

    void IHubMessageSink.Revoked(Guid id) => _receiver.Revoked(id);

    void IHubMessageSink.Draining(TimeSpan reconnectAfter) => _receiver.Draining(reconnectAfter);

    void IHubMessageSink.Ping() { }

    void IHubMessageSink.Completed(string invocationId, string? error, string? cursor)
    {
        TaskCompletionSource<CallResult>? call;
        lock (_calls)
        {
            _calls.Remove(invocationId, out call);
        }

        call?.TrySetResult(new CallResult(error, cursor));
    }

    void IHubMessageSink.Closing(string? error, bool allowReconnect) => _closeError = error;

    private WebSocketConnection Socket =>
        _socket ?? throw new InvalidOperationException("The connection is not established");

    private static byte[] HandshakeRequest(HubProtocol protocol) =>
        [
            .. JsonSerializer.SerializeToUtf8Bytes(new { protocol = protocol.Name, version = HubProtocol.Version }),
            JsonHubProtocol.RecordSeparator,
        ];

    private async Task<CallResult> CallAsync(
        Action<ArrayBufferWriter<byte>, string> write,
        CancellationToken cancellationToken
    )
    {
        var id = Interlocked.Increment(ref _lastInvocation).ToString(CultureInfo.InvariantCulture);
        var call = new TaskCompletionSource<CallResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_calls)
        {
            _calls.Add(id, call);
        }

        try
        {
            var output = new ArrayBufferWriter<byte>();
            write(output, id);
            await Socket.SendAsync(_protocol.Opcode, output.WrittenMemory, cancellationToken).ConfigureAwait(false);
            return await call.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_calls)
            {
                _calls.Remove(id);
            }
        }
    }

    private int ReadMessages(ReadOnlySpan<byte> data)
    {
        var at = 0;
        if (!_isOpen)
        {
            var end = data.IndexOf(JsonHubProtocol.RecordSeparator);
            if (end < 0)
            {
                return 0;
            }

            FinishHandshake(data[..end]);
            at = end + 1;
        }

        while (_protocol.TryFrame(data[at..], out var start, out var length, out var consumed))
        {
            _protocol.Read(data.Slice(at + start, length), this);
            at += consumed;
        }

        return at;
    }

    private void FinishHandshake(ReadOnlySpan<byte> answer)
    {
        try
        {
            var reader = new Utf8JsonReader(answer);
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.TryGetProperty("error"u8, out var error))
            {
                throw new HubHandshakeException(error.ToString());
            }

            _isOpen = true;
            _handshake.TrySetResult();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new HubProtocolException(
                "The server's answer to the SignalR handshake is not JSON: is this the address of the hub?",
                exception
            );
        }
    }

    private async Task<WebSocketClosure> WatchEndAsync(WebSocketConnection socket)
    {
        var closure = await socket.Completion.ConfigureAwait(false);
        _assembler.Release();
        EndError = _closeError is { Length: > 0 } said
            ? new HubClosedException(said)
            : closure.Error as IOException
                ?? new IOException(closure.Reason ?? "The connection was closed", closure.Error);
        _handshake.TrySetException(EndError);
        _ = _handshake.Task.Exception;
        TaskCompletionSource<CallResult>[] calls;
        lock (_calls)
        {
            calls = [.. _calls.Values];
        }

        foreach (var call in calls)
        {
            call.TrySetException(EndError);
        }

        return closure;
    }
}
