using System.Buffers;
using System.Text.Json;
using PresenceHub.Fleet.Connections;

namespace PresenceHub.Fleet.Hub;

/// <summary>The <c>json</c> hub protocol: JSON texts, each ended by a record separator.</summary>
internal sealed class JsonHubProtocol() : HubProtocol("json", WebSocketOpcode.Text)
{
    public const byte RecordSeparator = 0x1e;

    private static readonly byte[] PingMessage = [.. """{"type":6}"""u8, RecordSeparator];

    private static readonly JsonWriterOptions Unchecked = new() { SkipValidation = true };

    public override ReadOnlyMemory<byte> Ping => PingMessage;

    public override bool TryFrame(ReadOnlySpan<byte> data, out int start, out int length, out int consumed)
    {
        (start, length) = (0, data.IndexOf(RecordSeparator));
        consumed = length + 1;
        return length >= 0;
    }

    public override void Read(ReadOnlySpan<byte> message, IHubMessageSink sink)
    {
        try
        {
            JsonHubMessageReader.Read(message, sink);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new HubProtocolException("The hub sent a message that is not of the json hub protocol", exception);
        }
    }

    public override void WriteWatch(
        ArrayBufferWriter<byte> output,
        string invocationId,
        IEnumerable<string> ids,
        string? cursor
    )
    {
        using var json = Begin(output, invocationId, HubMethod.Watch);
        json.WriteStartObject();
        json.WritePropertyName("ids"u8);
        WriteIds(json, ids);
        if (cursor is not null)
        {
            json.WriteString("cursor"u8, cursor);
        }

        json.WriteEndObject();
        End(json, output);
    }

    public override void WriteIdsCall(
        ArrayBufferWriter<byte> output,
        string invocationId,
        string method,
        IEnumerable<string> ids
    )
    {
        using var json = Begin(output, invocationId, method);
        WriteIds(json, ids);
        End(json, output);
    }

    private static Utf8JsonWriter Begin(ArrayBufferWriter<byte> output, string invocationId, string method)
    {
        var json = new Utf8JsonWriter(output, Unchecked);
        json.WriteStartObject();
        json.WriteNumber("type"u8, (int)HubMessageType.Invocation);
        json.WriteString("invocationId"u8, invocationId);
        json.WriteString("target"u8, method);
        json.WriteStartArray("arguments"u8);
        return json;
    }

    private static void WriteIds(Utf8JsonWriter json, IEnumerable<string> ids)
    {
        json.WriteStartArray();
        foreach (var id in ids)
        {
            json.WriteStringValue(id);
        }

        json.WriteEndArray();
    }

    private static void End(Utf8JsonWriter json, ArrayBufferWriter<byte> output)
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.Write([RecordSeparator]);
    }
}
