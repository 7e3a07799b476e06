using System.Text.Json;

namespace PresenceHub.Fleet.Hub;

/// <summary>Reads one message of the json hub protocol without copying it.</summary>
internal static class JsonHubMessageReader
{
    public static void Read(ReadOnlySpan<byte> message, IHubMessageSink sink)
    {
        var reader = new Utf8JsonReader(message);
        Utf8JsonReader body = default;
        var hasBody = false;
        var type = HubMessageType.None;
        ReadOnlySpan<byte> target = default;
        string? invocationId = null,
            error = null,
            cursor = null;
        var allowReconnect = false;

        Expect(reader.Read() && reader.TokenType is JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                type = (HubMessageType)reader.GetInt32();
            }
            else if (reader.ValueTextEquals("target"u8))
            {
                reader.Read();
                target = reader.ValueSpan;
            }
            else if (reader.ValueTextEquals("invocationId"u8))
            {
                reader.Read();
                invocationId = reader.GetString();
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                error = reader.GetString();
            }
            else if (reader.ValueTextEquals("allowReconnect"u8))
            {
                reader.Read();
                allowReconnect = reader.GetBoolean();
            }
            else if (reader.ValueTextEquals("arguments"u8) || reader.ValueTextEquals("result"u8))
            {
                reader.Read();

                // SignalR writes type and target first; the body is then read where it lies instead of twice.
                if (type is HubMessageType.Completion || (type is HubMessageType.Invocation && !target.IsEmpty))
                {
                    ReadBody(ref reader, type, target, sink, ref cursor);
                }
                else
                {
                    body = reader;
                    hasBody = true;
                    reader.Skip();
                }
            }
            else
            {
                reader.Skip();
            }
        }

        if (hasBody)
        {
            ReadBody(ref body, type, target, sink, ref cursor);
        }

        switch (type)
        {
            case HubMessageType.Completion:
                sink.Completed(invocationId ?? string.Empty, error, cursor);
                break;
            case HubMessageType.Ping:
                sink.Ping();
                break;
            case HubMessageType.Close:
                sink.Closing(error, allowReconnect);
                break;
        }
    }

    /// <summary>Reads a body of the REST API, which has the shape of an answer to <c>Watch</c>.</summary>
    public static void ReadAnswer(ReadOnlySpan<byte> json, IHubMessageSink sink)
    {
        var reader = new Utf8JsonReader(json);
        Expect(reader.Read());
        string? cursor = null;
        ReadResult(ref reader, sink, ref cursor);
    }

    private static void ReadBody(
        ref Utf8JsonReader reader,
        HubMessageType type,
        ReadOnlySpan<byte> target,
        IHubMessageSink sink,
        ref string? cursor
    )
    {
        if (type is HubMessageType.Completion)
        {
            ReadResult(ref reader, sink, ref cursor);
            return;
        }

        Expect(reader.TokenType is JsonTokenType.StartArray);
        reader.Read();
        if (type is not HubMessageType.Invocation)
        {
            SkipToEndOfArray(ref reader);
        }
        else if (target.SequenceEqual(HubMethod.PresenceChanged))
        {
            ReadEntries(ref reader, EntrySource.Push, sink);
            reader.Read();
        }
        else if (target.SequenceEqual(HubMethod.Bookmark))
        {
            sink.Bookmark(reader.GetString() ?? string.Empty);
            reader.Read();
        }
        else if (target.SequenceEqual(HubMethod.Revoked))
        {
            ReadRevoked(ref reader, sink);
            reader.Read();
        }
        else if (target.SequenceEqual(HubMethod.Draining))
        {
            ReadDraining(ref reader, sink);
            reader.Read();
        }

        SkipToEndOfArray(ref reader);
    }

    // A server may add arguments in a later version; they are passed over.
    private static void SkipToEndOfArray(ref Utf8JsonReader reader)
    {
        while (reader.TokenType is not JsonTokenType.EndArray)
        {
            reader.Skip();
            Expect(reader.Read());
        }
    }

    private static void ReadResult(ref Utf8JsonReader reader, IHubMessageSink sink, ref string? cursor)
    {
        if (reader.TokenType is JsonTokenType.StartArray)
        {
            ReadEntries(ref reader, EntrySource.Answer, sink);
            return;
        }

        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            return;
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("entries"u8))
            {
                reader.Read();
                ReadEntries(ref reader, EntrySource.Answer, sink);
            }
            else if (reader.ValueTextEquals("rejected"u8))
            {
                reader.Read();
                ReadRejected(ref reader, sink);
            }
            else if (reader.ValueTextEquals("cursor"u8))
            {
                reader.Read();
                cursor = reader.GetString();
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadEntries(ref Utf8JsonReader reader, EntrySource source, IHubMessageSink sink)
    {
        Expect(reader.TokenType is JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
        {
            var entry = default(EntryView);
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var name = reader.ValueSpan;
                reader.Read();
                switch (reader.TokenType)
                {
                    case JsonTokenType.String:
                        entry.SetText(name, reader.ValueSpan);
                        break;
                    case JsonTokenType.Number:
                        entry.SetNumber(name, reader.TryGetInt64(out var number) ? number : 0);
                        break;
                    default:
                        reader.Skip();
                        break;
                }
            }

            entry.Validate();
            sink.Entry(in entry, source);
        }

        Expect(reader.TokenType is JsonTokenType.EndArray);
    }

    private static void ReadRejected(ref Utf8JsonReader reader, IHubMessageSink sink)
    {
        while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
        {
            string? id = null,
                reason = null;
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals("id"u8);
                var isReason = reader.ValueTextEquals("reason"u8);
                reader.Read();
                (id, reason) = (isId ? reader.GetString() : id, isReason ? reader.GetString() : reason);
                reader.Skip();
            }

            sink.Rejected(id ?? string.Empty, reason ?? string.Empty);
        }
    }

    private static void ReadRevoked(ref Utf8JsonReader reader, IHubMessageSink sink)
    {
        Expect(reader.TokenType is JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType is JsonTokenType.String)
        {
            sink.Revoked(reader.GetGuid());
        }
    }

    private static void ReadDraining(ref Utf8JsonReader reader, IHubMessageSink sink)
    {
        Expect(reader.TokenType is JsonTokenType.StartObject);
        var milliseconds = 0;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isTime = reader.ValueTextEquals("reconnectAfterMs"u8);
            reader.Read();
            milliseconds = isTime ? reader.GetInt32() : milliseconds;
            reader.Skip();
        }

        sink.Draining(TimeSpan.FromMilliseconds(milliseconds));
    }

    private static void Expect(bool condition)
    {
        if (!condition)
        {
            throw new HubProtocolException("The hub sent a message of an unexpected shape");
        }
    }
}
