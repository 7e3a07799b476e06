using System.Buffers.Text;

namespace PresenceHub.Fleet.Measuring;

/// <summary>Compares wall-clock times on the wire with timestamps of the receive loops.</summary>
internal sealed class ReceiveClock(TimeProvider time)
{
    private const int MicrosecondsPerSecond = 1_000_000;
    private const int SecondsLength = 19;

    private readonly DateTimeOffset _utcAtStart = time.GetUtcNow();
    private readonly long _timestampAtStart = time.GetTimestamp();

    /// <summary>
    /// Microseconds from an ISO 8601 UTC instant to a timestamp; null when the text is no such instant.
    /// </summary>
    public long? MicrosecondsSince(ReadOnlySpan<byte> instant, long timestamp)
    {
        // "2026-11-27T08:30:00" and, if there are any, decimals and the Z.
        if (
            instant.Length <= SecondsLength
            || !Utf8Parser.TryParse(instant[..4], out int year, out _)
            || !Utf8Parser.TryParse(instant[5..7], out int month, out _)
            || !Utf8Parser.TryParse(instant[8..10], out int day, out _)
            || !Utf8Parser.TryParse(instant[11..13], out int hour, out _)
            || !Utf8Parser.TryParse(instant[14..16], out int minute, out _)
            || !Utf8Parser.TryParse(instant[17..], out decimal seconds, out _)
            || month is < 1 or > 12
            || day is < 1 or > 31
            || hour > 23
            || minute > 59
            || seconds >= 60
            || year is < 1 or > 9999
        )
        {
            return null;
        }

        var then = new DateTime(year, month, 1, hour, minute, 0, DateTimeKind.Utc)
            .AddDays(day - 1)
            .AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        var sinceStart = (timestamp - _timestampAtStart) * MicrosecondsPerSecond / time.TimestampFrequency;
        return sinceStart - (long)(then - _utcAtStart.UtcDateTime).TotalMicroseconds;
    }
}
