using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using PresenceHub.Contracts;
using PresenceHub.Server.Fanout;

namespace PresenceHub.Server.Hubs.Streams;

/// <summary>
/// Writes hub messages as Server-Sent Events. The data of an event is the argument of the message, as JSON on one line.
/// An event stream has no other direction, so nothing is read.
/// </summary>
internal sealed class EventStreamProtocol : IHubProtocol
{
    /// <summary>The first message of a stream. Its argument is a <see cref="WatchAnswer"/>.</summary>
    public const string Snapshot = "Snapshot";

    /// <summary>The last message of a stream that the hub ends. Its argument is a <see cref="StreamClosed"/>.</summary>
    public const string Closed = "Closed";

    /// <summary>The shortest and the longest time after which a client reconnects when its stream breaks. Each stream
    /// gets a time of its own, so that the clients of a lost node do not reconnect all at once.</summary>
    private const int MinRetryMs = 1000,
        MaxRetryMs = 5000;

    // The options of the json hub protocol, with which it shares the serialized entries.
    private static readonly JsonSerializerOptions Json = new JsonHubProtocolOptions().PayloadSerializerOptions;

    public static EventStreamProtocol Instance { get; } = new();

    /// <summary>A comment, which clients ignore. It keeps proxies from closing an idle stream.</summary>
    public static SerializedHubMessage Heartbeat { get; } =
        new([new SerializedMessage(FrameWriter.EventsProtocol, ":\n\n"u8.ToArray())]);

    public string Name => FrameWriter.EventsProtocol;

    public int Version => 1;

    public TransferFormat TransferFormat => TransferFormat.Text;

    public bool IsVersionSupported(int version) => version == Version;

    public ReadOnlyMemory<byte> GetMessageBytes(HubMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        WriteMessage(message, output);
        return output.WrittenMemory;
    }

    public void WriteMessage(HubMessage message, IBufferWriter<byte> output)
    {
        var invocation = (InvocationMessage)message;
        var argument = invocation.Arguments[0]!;
        var fields = (invocation.Target, argument) switch
        {
            (nameof(IPresenceClient.PresenceChanged), _) => "event: changed\n",
            (nameof(IPresenceClient.Bookmark), string cursor) => $"event: bookmark\nid: {cursor}\n",
            (nameof(IPresenceClient.Revoked), _) => "event: revoked\n",
            (nameof(IPresenceClient.Draining), _) => "event: draining\nretry: 1000\n",
            (Snapshot, WatchAnswer answer) => string.Create(
                CultureInfo.InvariantCulture,
                $"event: snapshot\nid: {answer.Cursor}\nretry: {Random.Shared.Next(MinRetryMs, MaxRetryMs)}\n"
            ),
            (Closed, _) => "event: closed\n",
            _ => throw new NotSupportedException($"An event stream has no {invocation.Target}"),
        };
        output.Write(Encoding.UTF8.GetBytes(fields));
        output.Write("data: "u8);
        output.Write(JsonSerializer.SerializeToUtf8Bytes(argument, argument.GetType(), Json));
        output.Write("\n\n"u8);
    }

    public bool TryParseMessage(
        ref ReadOnlySequence<byte> input,
        IInvocationBinder binder,
        [NotNullWhen(true)] out HubMessage? message
    ) => throw new NotSupportedException("An event stream is not read");
}
