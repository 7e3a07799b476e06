using System.Buffers.Text;

namespace PresenceHub.Testing.Proxies;

/// <summary>What a Redis server sends on one connection (RESP2 or RESP3), cut into whole replies, some of which are
/// left out.</summary>
internal sealed class PubSubStream(Func<PubSubReply?, bool> passes)
{
    private byte[] _rest = [];

    /// <summary>What of the bytes, and of those held back before, is to be forwarded now.</summary>
    public byte[] Pass(ReadOnlySpan<byte> chunk)
    {
        byte[] all = [.. _rest, .. chunk];
        var passed = new List<byte>(all.Length);
        var start = 0;
        while (TryMeasure(all, start, out var end))
        {
            var reply = all.AsSpan(start, end - start);
            if (passes(PubSubReply.TryRead(reply)))
            {
                passed.AddRange(reply);
            }

            start = end;
        }

        _rest = all[start..];
        return [.. passed];
    }

    private static bool TryMeasure(ReadOnlySpan<byte> bytes, int start, out int end)
    {
        end = start;
        if (start >= bytes.Length)
        {
            return false;
        }

        var lineLength = bytes[start..].IndexOf("\r\n"u8);
        if (lineLength < 0)
        {
            return false;
        }

        end = start + lineLength + 2;
        switch (bytes[start])
        {
            case (byte)'+' or (byte)'-' or (byte)':' or (byte)'_' or (byte)'#' or (byte)',' or (byte)'(':
                return true;
            case (byte)'$' or (byte)'=' or (byte)'!':
                end += Number(bytes[(start + 1)..]) is var length and >= 0 ? length + 2 : 0;
                return end <= bytes.Length;
            case (byte)'*' or (byte)'>' or (byte)'~':
                return TryMeasureMany(bytes, Number(bytes[(start + 1)..]), ref end);
            case (byte)'%':
                return TryMeasureMany(bytes, 2 * Number(bytes[(start + 1)..]), ref end);
            default:
                throw new InvalidOperationException($"No reply of Redis begins with {(char)bytes[start]}");
        }
    }

    private static bool TryMeasureMany(ReadOnlySpan<byte> bytes, int count, ref int end)
    {
        for (; count > 0; count--)
        {
            if (!TryMeasure(bytes, end, out end))
            {
                return false;
            }
        }

        return true;
    }

    private static int Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out int number, out _)
            ? number
            : throw new InvalidOperationException("A length of Redis is no number");
}
