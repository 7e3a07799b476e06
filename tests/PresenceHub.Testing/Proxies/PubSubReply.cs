using System.Globalization;
using System.Text;

namespace PresenceHub.Testing.Proxies;

/// <summary>What Redis tells a subscriber about a channel: a message, or that it is subscribed to it.</summary>
internal readonly record struct PubSubReply(bool IsMessage, string Channel)
{
    /// <summary>Null when a whole reply is about something else.</summary>
    public static PubSubReply? TryRead(ReadOnlySpan<byte> reply)
    {
        if (reply[0] is not ((byte)'*' or (byte)'>') || !reply[1..].StartsWith("3\r\n$"u8))
        {
            return null;
        }

        var rest = reply["*3\r\n".Length..];
        var kind = TakeText(ref rest);
        var isMessage = kind.SequenceEqual("message"u8) || kind.SequenceEqual("smessage"u8);
        return isMessage || kind.SequenceEqual("subscribe"u8) || kind.SequenceEqual("ssubscribe"u8)
            ? new PubSubReply(isMessage, Encoding.UTF8.GetString(TakeText(ref rest)))
            : null;
    }

    private static ReadOnlySpan<byte> TakeText(ref ReadOnlySpan<byte> rest)
    {
        var start = rest.IndexOf("\r\n"u8) + 2;
        var length = Math.Max(0, int.Parse(rest["$".Length..(start - 2)], CultureInfo.InvariantCulture));
        var text = rest.Slice(start, length);
        rest = rest[(start + length + 2)..];
        return text;
    }
}
