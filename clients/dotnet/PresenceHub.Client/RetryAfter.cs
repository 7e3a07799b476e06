using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace PresenceHub.Client;

/// <summary>
/// Reads how long the hub asks a client to wait, from an answer's headers or from the text of a failed call.
/// </summary>
internal static partial class RetryAfter
{
    public static TimeSpan? OfMessage(string text) =>
        AtTheEnd().Match(text) is { Success: true } match
        && double.TryParse(
            match.Groups[1].ValueSpan,
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var milliseconds
        )
            ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, Backoff.LongestNamed.TotalMilliseconds))
            : null;

    /// <summary>Null unless the answer is 429 or 503 with a header that can be read.</summary>
    /// <param name="status">The status of the answer.</param>
    /// <param name="header">Whole or decimal seconds, or an HTTP date.</param>
    /// <param name="sent">When the answer was sent, by the clock of the sender.</param>
    public static TimeSpan? OfAnswer(HttpStatusCode status, string? header, DateTimeOffset sent)
    {
        if (header is null || status is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
        {
            return null;
        }

        const NumberStyles Style = NumberStyles.AllowDecimalPoint;
        if (double.TryParse(header.Trim(), Style, CultureInfo.InvariantCulture, out var seconds))
        {
            return TimeSpan.FromSeconds(Math.Min(seconds, Backoff.LongestNamed.TotalSeconds));
        }

        var isDate = DateTimeOffset.TryParseExact(
            header.Trim(),
            "r",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var instant
        );
        return isDate && instant > sent ? instant - sent : null;
    }

    [GeneratedRegex(@"; retry after ([0-9]+) ms$", RegexOptions.CultureInvariant)]
    private static partial Regex AtTheEnd();
}
