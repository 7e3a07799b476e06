using System.IO.Pipelines;
using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;
using PresenceHub.Server.Fanout;

namespace PresenceHub.Server.Hubs.Streams;

/// <summary>
/// One event stream: the response of a request, which the outbox writes to from its own threads. After
/// <see cref="CloseAsync"/> nothing is written: the server may use the connection for another request.
/// </summary>
/// <param name="expiresAt">When the token of the client expires.</param>
internal sealed class PresenceStream(HttpContext context, DateTimeOffset expiresAt, TimeProvider time) : IOutboxTarget
{
    /// <summary>How long nothing is sent before a heartbeat is.</summary>
    internal static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<StreamEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PipeWriter? _body;
    private Task _writing = Task.CompletedTask;
    private long _wroteAt = time.GetTimestamp();
    private DateTimeOffset _leavesAt = DateTimeOffset.MaxValue;
    private bool _isClosed;

    public string ConnectionId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Completes when the stream is to be closed.</summary>
    public Task<StreamEnd> Ended => _ended.Task;

    /// <summary>Sends the headers. Before that nothing is written.</summary>
    public async Task StartAsync()
    {
        await context.Response.StartAsync(context.RequestAborted);
        _body = context.Response.BodyWriter;
    }

    public ValueTask WriteAsync(SerializedHubMessage frame)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return ValueTask.FromException(new OperationCanceledException("The stream is closed"));
            }

            _wroteAt = time.GetTimestamp();
            _writing = SendAsync(frame);
            return new ValueTask(_writing);
        }
    }

    /// <summary>The stream ends after the delay, since a browser does not leave by itself. Until then it gets
    /// changes.</summary>
    public void Drain(TimeSpan reconnectAfter)
    {
        lock (_gate)
        {
            _leavesAt = time.GetUtcNow() + reconnectAfter;
        }
    }

    public void Abort()
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                context.Abort();
            }
        }

        End(StreamEnd.Aborted);
    }

    public void End(StreamEnd reason) => _ended.TrySetResult(reason);

    /// <summary>Ends the stream when its time is over, and sends a heartbeat when nothing else was sent for
    /// long.</summary>
    public void Tick(Outbox outbox)
    {
        var now = time.GetUtcNow();
        TimeSpan idle;
        DateTimeOffset leavesAt;
        lock (_gate)
        {
            (idle, leavesAt) = (time.GetElapsedTime(_wroteAt), _leavesAt);
        }

        if (now >= expiresAt)
        {
            End(StreamEnd.TokenExpired);
        }
        else if (now >= leavesAt)
        {
            End(StreamEnd.NodeLeaves);
        }
        else if (idle >= HeartbeatPeriod)
        {
            outbox.SendIfIdle(EventStreamProtocol.Heartbeat);
        }
    }

    /// <summary>Stops all writing. A client that should be told why has to accept it within a limit.</summary>
    public async Task CloseAsync(FrameWriter writer, TimeSpan limit)
    {
        Task writing;
        lock (_gate)
        {
            _isClosed = true;
            writing = _writing;
        }

        if (_body is null)
        {
            return;
        }

        var reason = Ended.IsCompletedSuccessfully ? await Ended : StreamEnd.Aborted;
        try
        {
            if (reason is StreamEnd.Aborted)
            {
                context.Abort();
            }

            await writing.WaitAsync(limit, time);
            if (reason is StreamEnd.TokenExpired)
            {
                var closed = new StreamClosed(ErrorCode.TokenExpired, TokenExpiry.Detail);
                writing = SendAsync(writer.Write(EventStreamProtocol.Closed, closed));
                await writing.WaitAsync(limit, time);
            }
        }
        catch (Exception)
        {
            // The client has left, or accepts nothing. The abort ends the write in flight.
            context.Abort();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(SerializedHubMessage frame)
    {
        var sent = await _body!.WriteAsync(frame.GetSerializedMessage(EventStreamProtocol.Instance));
        if (sent.IsCompleted || sent.IsCanceled)
        {
            throw new OperationCanceledException("The client has left");
        }
    }
}
