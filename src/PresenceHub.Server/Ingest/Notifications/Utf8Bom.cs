namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>The byte order mark that some writers put before UTF-8 text. The JSON reader does not accept it.</summary>
internal static class Utf8Bom
{
    public static ReadOnlyMemory<byte> Skip(ReadOnlyMemory<byte> text) =>
        text.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? text[3..] : text;
}
