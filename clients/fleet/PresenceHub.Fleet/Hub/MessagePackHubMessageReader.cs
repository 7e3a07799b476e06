namespace PresenceHub.Fleet.Hub;

/// <summary>Reads one message of the messagepack hub protocol without copying it.</summary>
internal static class MessagePackHubMessageReader
{
    private const int ErrorResult = 1;
    private const int NonVoidResult = 3;
    private const int CloseFieldsWithReconnect = 3;

    public static void Read(ReadOnlySpan<byte> message, IHubMessageSink sink)
    {
        var reader = new PackReader(message);
        var fields = reader.ReadArrayHeader();
        switch ((HubMessageType)reader.ReadInt64())
        {
            case HubMessageType.Invocation:
                reader.Skip();
                reader.Skip();
                ReadInvocation(ref reader, sink);
                break;
            case HubMessageType.Completion:
                reader.Skip();
                ReadCompletion(ref reader, sink);
                break;
            case HubMessageType.Ping:
                sink.Ping();
                break;
            case HubMessageType.Close:
                sink.Closing(reader.ReadString(), fields >= CloseFieldsWithReconnect && reader.ReadBoolean());
                break;
        }
    }

    private static void ReadInvocation(ref PackReader reader, IHubMessageSink sink)
    {
        var target = reader.ReadUtf8();
        if (reader.ReadArrayHeader() is 0)
        {
            return;
        }

        if (target.SequenceEqual(HubMethod.PresenceChanged))
        {
            ReadEntries(ref reader, EntrySource.Push, sink);
        }
        else if (target.SequenceEqual(HubMethod.Bookmark))
        {
            sink.Bookmark(reader.ReadString() ?? string.Empty);
        }
        else if (target.SequenceEqual(HubMethod.Revoked))
        {
            for (var left = reader.ReadArrayHeader(); left > 0; left--)
            {
                sink.Revoked(Guid.Parse(reader.ReadUtf8()));
            }
        }
        else if (target.SequenceEqual(HubMethod.Draining))
        {
            ReadDraining(ref reader, sink);
        }
    }

    private static void ReadCompletion(ref PackReader reader, IHubMessageSink sink)
    {
        var invocationId = reader.ReadString() ?? string.Empty;
        string? error = null, cursor = null;
        switch (reader.ReadInt64())
        {
            case ErrorResult:
                error = reader.ReadString() ?? string.Empty;
                break;
            case NonVoidResult when reader.IsArray:
                ReadEntries(ref reader, EntrySource.Answer, sink);
                break;
            case NonVoidResult when reader.IsMap:
                cursor = ReadWatchResult(ref reader, sink);
                break;
        }

        sink.Completed(invocationId, error, cursor);
    }

    private static string? ReadWatchResult(ref PackReader reader, IHubMessageSink sink)
    {
        string? cursor = null;
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            var name = reader.ReadUtf8();
            if (name.SequenceEqual("entries"u8))
            {
                ReadEntries(ref reader, EntrySource.Answer, sink);
            }
            else if (name.SequenceEqual("rejected"u8))
            {
                ReadRejected(ref reader, sink);
            }
            else if (name.SequenceEqual("cursor"u8))
            {
                cursor = reader.ReadString();
            }
            else
            {
                reader.Skip();
            }
        }

        return cursor;
    }

    private static void ReadEntries(ref PackReader reader, EntrySource source, IHubMessageSink sink)
    {
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            var entry = default(EntryView);
            for (var fields = reader.ReadMapHeader(); fields > 0; fields--)
            {
                var name = reader.ReadUtf8();
                if (reader.IsString)
                {
                    entry.SetText(name, reader.ReadUtf8());
                }
                else if (reader.IsNumber)
                {
                    entry.SetNumber(name, reader.ReadInt64());
                }
                else
                {
                    reader.Skip();
                }
            }

            entry.Validate();
            sink.Entry(in entry, source);
        }
    }

    private static void ReadRejected(ref PackReader reader, IHubMessageSink sink)
    {
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            string? id = null, reason = null;
            for (var fields = reader.ReadMapHeader(); fields > 0; fields--)
            {
                var name = reader.ReadUtf8();
                if (name.SequenceEqual("id"u8))
                {
                    id = reader.ReadString();
                }
                else if (name.SequenceEqual("reason"u8))
                {
                    reason = reader.ReadString();
                }
                else
                {
                    reader.Skip();
                }
            }

            sink.Rejected(id ?? string.Empty, reason ?? string.Empty);
        }
    }

    private static void ReadDraining(ref PackReader reader, IHubMessageSink sink)
    {
        var milliseconds = 0L;
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            if (reader.ReadUtf8().SequenceEqual("reconnectAfterMs"u8))
            {
                milliseconds = reader.ReadInt64();
            }
            else
            {
                reader.Skip();
            }
        }

        sink.Draining(TimeSpan.FromMilliseconds(milliseconds));
    }
}
