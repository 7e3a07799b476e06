using System.Globalization;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Reads the header of that name. Graph's samples show whole and decimal seconds; HTTP allows a
/// date.</summary>
internal static class RetryAfter
{
    /// <summary>Graph sends no longer one, and a nonsensical value must not stop reading for good.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Null when the answer has none that can be read.</summary>
    public static TimeSpan? Read(HttpResponseMessage response, DateTimeOffset now)
    {
        // The typed header drops decimal values.
        if (!response.Headers.NonValidated.TryGetValues("Retry-After", out var values))
        {
            return null;
        }

        var text = values.ToString();
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
        {
            return TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds));
        }

        // Between two clocks only the server's own date is a fair reference.
        return DateTimeOffset.TryParseExact(
            text,
            "r",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var instant
        )
            ? Clamp(instant - (response.Headers.Date ?? now))
            : null;
    }

    private static TimeSpan Clamp(TimeSpan wait) =>
        wait < TimeSpan.Zero ? TimeSpan.Zero
        : wait > Longest ? Longest
        : wait;
}
