using System.Buffers;
using PresenceHub.Fleet.Connections;

namespace PresenceHub.Fleet.Hub;

/// <summary>
/// The <c>messagepack</c> hub protocol: MessagePack arrays, each behind its length as a variable-length integer.
/// </summary>
internal sealed class MessagePackHubProtocol() : HubProtocol("messagepack", WebSocketOpcode.Binary)
{
    private const int InvocationFields = 6;
    private const int LongestPrefix = 5;
    private const int SevenBits = 0x7f;
    private const int More = 0x80;

    // Length 2: an array of one element, the message type 6.
    private static readonly byte[] PingMessage = [2, 0x91, (byte)HubMessageType.Ping];

    public override ReadOnlyMemory<byte> Ping => PingMessage;

    public override bool TryFrame(ReadOnlySpan<byte> data, out int start, out int length, out int consumed)
    {
        (start, length, consumed) = (0, 0, 0);
        for (var at = 0; at < data.Length; at++)
        {
            if (at == LongestPrefix)
            {
                throw new HubProtocolException("The hub sent a message length that is no length");
            }

            length |= (data[at] & SevenBits) << (7 * at);
            if ((data[at] & More) is 0)
            {
                start = at + 1;
                consumed = start + length;
                return data.Length >= consumed;
            }
        }

        return false;
    }

    public override void Read(ReadOnlySpan<byte> message, IHubMessageSink sink) =>
        MessagePackHubMessageReader.Read(message, sink);

    public override void WriteWatch(
        ArrayBufferWriter<byte> output,
        string invocationId,
        IEnumerable<string> ids,
        string? cursor
    )
    {
        var body = Begin(invocationId, HubMethod.Watch);
        body.WriteMapHeader(2);
        body.WriteString("ids");
        WriteIds(body, ids);
        body.WriteString("cursor");
        body.WriteString(cursor);
        End(body, output);
    }

    public override void WriteIdsCall(
        ArrayBufferWriter<byte> output,
        string invocationId,
        string method,
        IEnumerable<string> ids
    )
    {
        var body = Begin(invocationId, method);
        WriteIds(body, ids);
        End(body, output);
    }

    private static PackWriter Begin(string invocationId, string method)
    {
        var body = new PackWriter();
        body.WriteArrayHeader(InvocationFields);
        body.WriteSmall((int)HubMessageType.Invocation);
        body.WriteMapHeader(0);
        body.WriteString(invocationId);
        body.WriteString(method);
        body.WriteArrayHeader(1);
        return body;
    }

    private static void WriteIds(PackWriter body, IEnumerable<string> ids)
    {
        var all = ids as IReadOnlyCollection<string> ?? [.. ids];
        body.WriteArrayHeader(all.Count);
        foreach (var id in all)
        {
            body.WriteString(id);
        }
    }

    private static void End(PackWriter body, ArrayBufferWriter<byte> output)
    {
        body.WriteArrayHeader(0);
        var rest = (uint)body.Written.Length;
        while (rest > SevenBits)
        {
            output.Write([(byte)(rest | More)]);
            rest >>= 7;
        }

        output.Write([(byte)rest]);
        output.Write(body.Written);
    }
}
