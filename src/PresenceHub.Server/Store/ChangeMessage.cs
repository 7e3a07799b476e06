using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>A message of the apply script: a position and the entries that changed.</summary>
internal sealed record ChangeMessage(PartitionPosition Position, IReadOnlyList<StoredEntry> Entries)
{
    private const string Version = "1";
    private const int SubjectLength = 36;

    /// <summary>False for a message of another version or one that does not parse.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ChangeMessage? message)
    {
        message = null;
        var headerEnd = text.IndexOf('\n');
        if (headerEnd < 0 || !TryParseHeader(text[..headerEnd], out var position))
        {
            return false;
        }

        var entries = new List<StoredEntry>();
        foreach (var range in text[(headerEnd + 1)..].Split('\n'))
        {
            var line = text[(headerEnd + 1)..][range];
            if (
                line.Length <= SubjectLength + 1
                || line[SubjectLength] != '\t'
                || !SubjectId.TryParse(line[..SubjectLength].ToString(), out var subject)
                || !StoredEntry.TryParse(subject, position.Epoch, line[(SubjectLength + 1)..], out var entry)
            )
            {
                return false;
            }

            entries.Add(entry!);
        }

        message = new ChangeMessage(position, entries);
        return true;
    }

    private static bool TryParseHeader(ReadOnlySpan<char> header, out PartitionPosition position)
    {
        position = default;
        Span<Range> parts = stackalloc Range[5];
        if (
            header.Split(parts, '\t') != 4
            || !header[parts[0]].SequenceEqual(Version)
            || !StoredEntry.TryParseNumber(header[parts[1]], out var epoch)
            || !StoredEntry.TryParseNumber(header[parts[2]], out var offset)
            || !StoredEntry.TryParseNumber(header[parts[3]], out var clock)
        )
        {
            return false;
        }

        position = new PartitionPosition(epoch, offset, clock);
        return true;
    }
}
