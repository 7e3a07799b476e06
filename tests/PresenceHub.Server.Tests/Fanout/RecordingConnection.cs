using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace PresenceHub.Server.Tests.Fanout;

/// <summary>A hub connection that keeps the frames written to it, and accepts them at once or when it is told
/// to.</summary>
internal sealed class RecordingConnection(string connectionId = "connection")
    : HubConnectionContext(
        new DefaultConnectionContext(connectionId),
        new HubConnectionContextOptions { KeepAliveInterval = TimeSpan.FromHours(1) },
        NullLoggerFactory.Instance
    )
{
    private static readonly JsonHubProtocol Json = new();

    public override IHubProtocol Protocol => Json;

    public List<ReadOnlyMemory<byte>> Frames { get; } = [];

    public IEnumerable<string> Sent => Frames.Select(frame => Encoding.UTF8.GetString(frame.Span));

    /// <summary>What the next writes wait for; null: nothing.</summary>
    public TaskCompletionSource? Accepting { get; set; }

    public bool IsAborted { get; private set; }

    public override ValueTask WriteAsync(SerializedHubMessage message, CancellationToken cancellationToken = default)
    {
        Frames.Add(message.GetSerializedMessage(Json));
        return Accepting is { } accepting ? new ValueTask(accepting.Task) : ValueTask.CompletedTask;
    }

    public override void Abort() => IsAborted = true;
}
