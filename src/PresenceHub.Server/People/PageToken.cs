using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace PresenceHub.Server.People;

/// <summary>
/// Where a list goes on: the value of Graph's <c>$skiptoken</c>, and nothing else of its link, so that a client can
/// choose neither the address nor another parameter of the hub's request.
/// </summary>
internal sealed record PageToken
{
    private const string Parameter = "$skiptoken";

    /// <summary>With the rest of the query, the token fits into an address.</summary>
    private const int MaxLength = 4_000;

    /// <summary>The characters of a value in a query, without those that separate parameters.</summary>
    private static readonly SearchValues<char> Characters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%!$'()*+,;:@/="
    );

    private PageToken(string value) => Value = value;

    /// <summary>As Graph has written it, with its percent-encoding.</summary>
    public string Value { get; }

    /// <summary>Reads the token of a link of Graph.</summary>
    /// <exception cref="FormatException">The link has none, or one of another form.</exception>
    public static PageToken OfLink(string link)
    {
        var query = new Uri(link).Query.TrimStart('?').Split('&');
        foreach (var parameter in query)
        {
            var equals = parameter.IndexOf('=', StringComparison.Ordinal);
            if (
                equals >= 0
                && Uri.UnescapeDataString(parameter[..equals]) is Parameter
                && IsValue(parameter[(equals + 1)..])
            )
            {
                return new PageToken(parameter[(equals + 1)..]);
            }
        }

        throw new FormatException("The link to the next page has no page token that the hub can pass on");
    }

    /// <summary>Reads what a client sends back.</summary>
    public static bool TryParse(string text, out PageToken? token)
    {
        token = null;
        if (text.Length > Base64Url.GetEncodedLength(MaxLength) || !Base64Url.IsValid(text))
        {
            return false;
        }

        var value = Encoding.Latin1.GetString(Base64Url.DecodeFromChars(text));
        token = IsValue(value) ? new PageToken(value) : null;
        return token is not null;
    }

    /// <summary>The address of a query with the token.</summary>
    public string AppendTo(Uri query) =>
        $"{query.AbsoluteUri}{(query.Query.Length is 0 ? '?' : '&')}{Parameter}={Value}";

    /// <summary>What clients are sent. It needs no encoding in an address.</summary>
    public override string ToString() => Base64Url.EncodeToString(Encoding.Latin1.GetBytes(Value));

    private static bool IsValue(string text) =>
        text.Length is > 0 and <= MaxLength && !text.AsSpan().ContainsAnyExcept(Characters);
}
