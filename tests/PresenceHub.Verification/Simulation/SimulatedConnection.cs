using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using PresenceHub.Contracts;

namespace PresenceHub.Verification.Simulation;

/// <summary>The server's end of a connection, and all that it has sent and the client has not yet received.</summary>
internal sealed class SimulatedConnection : HubConnectionContext, IInvocationBinder
{
    private static readonly HubConnectionContextOptions Options = new()
    {
        KeepAliveInterval = TimeSpan.FromHours(1),
        ClientTimeoutInterval = TimeSpan.FromHours(1),
    };

    private readonly Queue<object> _wire = [];
    private TaskCompletionSource? _taken;

    public SimulatedConnection(string connectionId, IHubProtocol protocol)
        : base(new DefaultConnectionContext(connectionId), Options, NullLoggerFactory.Instance) => Protocol = protocol;

    public override IHubProtocol Protocol { get; set; }

    public bool IsCut { get; private set; }

    /// <summary>While it is, nothing that is written is taken.</summary>
    public bool IsStuck { get; set; }

    /// <summary>Whether a frame was written that cannot be read.</summary>
    public bool HasUnreadable { get; private set; }

    public bool HasWire => _wire.Count > 0;

    public override ValueTask WriteAsync(SerializedHubMessage message, CancellationToken cancellationToken = default)
    {
        if (IsCut)
        {
            return ValueTask.FromException(new IOException("cut"));
        }

        var bytes = new System.Buffers.ReadOnlySequence<byte>(message.GetSerializedMessage(Protocol));
        if (Protocol.TryParseMessage(ref bytes, this, out var parsed) && bytes.IsEmpty)
        {
            _wire.Enqueue(parsed);
        }
        else
        {
            HasUnreadable = true;
        }

        if (!IsStuck)
        {
            return ValueTask.CompletedTask;
        }

        _taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new ValueTask(_taken.Task);
    }

    /// <summary>Sends the result of a call, or an invocation.</summary>
    public void Enqueue(object message) => _wire.Enqueue(message);

    /// <summary>The next thing that arrives at the client: an invocation, or the result of its call.</summary>
    public object Take()
    {
        var taken = _wire.Dequeue();
        Release();
        return taken;
    }

    /// <returns>Whether a write was waiting.</returns>
    public bool Release()
    {
        IsStuck = false;
        var wasWaiting = _taken?.TrySetResult() is true;
        _taken = null;
        return wasWaiting;
    }

    public override void Abort() => Cut();

    public void Cut()
    {
        IsCut = true;
        _wire.Clear();
        _taken?.TrySetException(new IOException("cut"));
        _taken = null;
    }

    public IReadOnlyList<Type> GetParameterTypes(string methodName) =>
        methodName is nameof(IPresenceClient.PresenceChanged)
            ? [typeof(IReadOnlyList<PresenceEntry>)]
            : [typeof(string)];

    public Type GetReturnType(string invocationId) => throw new NotSupportedException();

    public Type GetStreamItemType(string streamId) => throw new NotSupportedException();
}
