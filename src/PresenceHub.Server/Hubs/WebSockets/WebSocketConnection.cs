using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Security.Claims;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace PresenceHub.Server.Hubs.WebSockets;

/// <summary>
/// A hub connection that writes directly to a WebSocket. It has the features of SignalR's connection that the hub uses:
/// user, heartbeat, transfer format and the request to close.
/// </summary>
internal sealed class WebSocketConnection
    : ConnectionContext,
        IDuplexPipe,
        IConnectionUserFeature,
        IConnectionHeartbeatFeature,
        IConnectionLifetimeNotificationFeature,
        ITransferFormatFeature
{
    private const int DiscardBytes = 16 * 1024;

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    // A call runs on the thread pool, because the receive loop has to notice meanwhile that the client leaves. The pipe
    // holds a buffer only while it holds a message.
    private static readonly PipeOptions InputOptions = new(
        readerScheduler: PipeScheduler.ThreadPool,
        writerScheduler: PipeScheduler.Inline,
        useSynchronizationContext: false
    );

    private readonly WebSocket _socket;
    private readonly TimeProvider _time;
    private readonly WebSocketPipeWriter _output;
    private readonly Pipe _input = new(InputOptions);
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationTokenSource _closeRequested = new();
    private readonly Lock _heartbeatGate = new();
    private (Action<object> Action, object State)[] _heartbeats = [];

    public WebSocketConnection(WebSocket socket, ClaimsPrincipal user, DateTimeOffset expiresAt, TimeProvider time)
    {
        (_socket, User, ExpiresAt, _time) = (socket, user, expiresAt, time);
        _output = new WebSocketPipeWriter(socket, time);
        ConnectionId = Guid.NewGuid().ToString("N");
        ConnectionClosed = _closed.Token;
        ConnectionClosedRequested = _closeRequested.Token;
        Features = new FeatureCollection(initialCapacity: 4);
        Features.Set<IConnectionUserFeature>(this);
        Features.Set<IConnectionHeartbeatFeature>(this);
        Features.Set<IConnectionLifetimeNotificationFeature>(this);
        Features.Set<ITransferFormatFeature>(this);
        Transport = this;
    }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; }

    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    public override IDuplexPipe Transport { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    public CancellationToken ConnectionClosedRequested { get; set; }

    public ClaimsPrincipal? User { get; set; }

    /// <summary>The time at which the token expires and the connection is closed.</summary>
    public DateTimeOffset ExpiresAt { get; }

    public TransferFormat SupportedFormats => TransferFormat.Text | TransferFormat.Binary;

    public TransferFormat ActiveFormat
    {
        get;
        set
        {
            field = value;
            _output.MessageType =
                value is TransferFormat.Binary ? WebSocketMessageType.Binary : WebSocketMessageType.Text;
        }
    } = TransferFormat.Text;

    PipeReader IDuplexPipe.Input => _input.Reader;

    PipeWriter IDuplexPipe.Output => _output;

    public override void Abort() => _socket.Abort();

    public override void Abort(ConnectionAbortedException abortReason) => Abort();

    /// <summary>Ends the connection with a close message that allows the client to reconnect.</summary>
    public void RequestClose() =>
        ThreadPool.UnsafeQueueUserWorkItem(static closing => closing.Cancel(), _closeRequested, preferLocal: false);

    public void OnHeartbeat(Action<object> action, object state)
    {
        lock (_heartbeatGate)
        {
            _heartbeats = [.. _heartbeats, (action, state)];
        }
    }

    /// <summary>Called once a second: pings, timeouts of the client and of sending, and the end of the token.</summary>
    public void Tick(DateTimeOffset now, TimeSpan sendTimeout)
    {
        foreach (var (action, state) in _heartbeats)
        {
            action(state);
        }

        if (_output.SendingFor > sendTimeout)
        {
            Abort();
        }

        if (ExpiresAt <= now && !_closeRequested.IsCancellationRequested)
        {
            RequestClose();
        }
    }

    /// <summary>Receives messages of the client until it closes. Waits without a buffer.</summary>
    public async Task ReceiveAsync()
    {
        try
        {
            while (
                (await _socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None)).MessageType
                    is not WebSocketMessageType.Close
            )
            {
                var received = await _socket.ReceiveAsync(_input.Writer.GetMemory(), CancellationToken.None);
                if (received.MessageType is WebSocketMessageType.Close)
                {
                    break;
                }

                _input.Writer.Advance(received.Count);
                if ((await _input.Writer.FlushAsync()).IsCompleted)
                {
                    await DiscardAsync();
                    break;
                }
            }
        }
        catch (Exception exception)
            when (exception
                    is WebSocketException
                        or IOException
                        or InvalidOperationException
                        or OperationCanceledException
            )
        {
            // The client is gone, or the connection was aborted.
        }
        finally
        {
            await _input.Writer.CompleteAsync();

            // A call that never waits keeps the hub from reading the end of the input. The cancellation token reaches
            // the call nevertheless.
            await _closed.CancelAsync();
        }
    }

    /// <summary>
    /// Reads the messages that arrive after the hub has ended. A socket that is closed with unread data is reset, and
    /// the client may lose the message with the reason. Ends with <see cref="CloseAsync"/>, which aborts the socket
    /// after a bounded time.
    /// </summary>
    private async Task DiscardAsync()
    {
        var buffer = new byte[DiscardBytes];
        ValueWebSocketReceiveResult received;
        do
        {
            received = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        } while (received.MessageType is not WebSocketMessageType.Close);
    }

    /// <summary>Closes the socket after the hub has ended, and waits a bounded time for the client to close.</summary>
    public async Task CloseAsync(Task receiving)
    {
        // The receive loop must not wait for a hub that no longer reads.
        await _input.Reader.CompleteAsync();
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await _socket
                    .CloseOutputAsync(WebSocketCloseStatus.NormalClosure, string.Empty, CancellationToken.None)
                    .WaitAsync(CloseTimeout, _time);
            }

            await receiving.WaitAsync(CloseTimeout, _time);
        }
        catch (Exception exception)
            when (exception
                    is WebSocketException
                        or IOException
                        or InvalidOperationException
                        or TimeoutException
                        or OperationCanceledException
            )
        {
            // The socket is aborted in any case.
        }

        Abort();
        await receiving;
    }
}
