using System.Globalization;
using System.Net;

namespace PresenceHub.Fleet.Reporting;

/// <summary>Writes numbers and text into HTML.</summary>
internal static class HtmlText
{
    public static string Number(double value) =>
        value.ToString(
            value >= 100 ? "#,0"
                : value >= 10 ? "0.#"
                : "0.##",
            CultureInfo.InvariantCulture
        );

    public static string Encode(string text) => WebUtility.HtmlEncode(text);
}
