namespace PresenceHub.GraphEmulator.Subscriptions;

/// <summary>The subjects of a subscription, read from its resource string.</summary>
internal sealed record PresenceResource(string Text, IReadOnlyList<Guid> Subjects)
{
    private const string Collection = "communications/presences";
    private const string Filter = "?$filter=id in (";

    /// <summary>The form in notifications.</summary>
    public string Encoded { get; } = Encode(Text.TrimStart('/'));

    /// <summary>
    /// Reads <c>communications/presences/{id}</c> and <c>communications/presences?$filter=id in ('{id}',…)</c>,
    /// with or without a leading slash, quotes and url-encoding. Null when it is neither.
    /// </summary>
    public static PresenceResource? TryParse(string text)
    {
        var plain = Uri.UnescapeDataString(text.Replace('+', ' ')).Trim().TrimStart('/');
        if (!plain.StartsWith(Collection, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var rest = plain[Collection.Length..];
        if (rest.StartsWith('/'))
        {
            return Guid.TryParse(rest.AsSpan(1), out var subject) ? new PresenceResource(text, [subject]) : null;
        }

        if (!rest.StartsWith(Filter, StringComparison.OrdinalIgnoreCase) || !rest.EndsWith(')'))
        {
            return null;
        }

        var subjects = new HashSet<Guid>();
        foreach (var part in rest[Filter.Length..^1].Split(','))
        {
            if (!Guid.TryParse(part.AsSpan().Trim().Trim('\''), out var subject))
            {
                return null;
            }

            subjects.Add(subject);
        }

        return new PresenceResource(text, [.. subjects]);
    }

    public static string Encode(string text) => text.Replace("'", "%27", StringComparison.Ordinal).Replace(' ', '+');

    public static string ForOne(Guid subject) => $"{Collection}{Filter}'{subject}')";
}
