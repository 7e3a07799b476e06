using System.Globalization;

namespace PresenceHub.GraphEmulator.Throttling;

/// <summary>Writes the Retry-After header in the style that the switch selects.</summary>
internal static class RetryAfter
{
    public static void Write(HttpResponse response, TimeSpan wait, RetryAfterStyle style, DateTimeOffset now)
    {
        // A caller that waits exactly this long must succeed, so fractions are rounded up.
        var value = style switch
        {
            RetryAfterStyle.Seconds => Math.Max(1, Math.Ceiling(wait.TotalSeconds))
                .ToString(CultureInfo.InvariantCulture),
            RetryAfterStyle.Fraction => (Math.Ceiling(wait.TotalSeconds * 1000) / 1000).ToString(
                "0.000",
                CultureInfo.InvariantCulture
            ),
            RetryAfterStyle.HttpDate => now.Add(wait).AddSeconds(1).ToString("R", CultureInfo.InvariantCulture),
            _ => null,
        };
        if (value is not null)
        {
            response.Headers.RetryAfter = value;
        }
    }
}
