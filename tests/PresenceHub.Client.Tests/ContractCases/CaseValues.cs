using System.Globalization;
using System.Text.RegularExpressions;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests.ContractCases;

/// <summary>What the short forms of a case file stand for.</summary>
internal static partial class CaseValues
{
    private const string Since = "2026-01-01T08:00:00.000Z";
    private const string ObservedAt = "2026-01-01T09:00:00.000Z";

    /// <summary><c>s1</c> as the id that it stands for; <c>S1</c> as the same in upper case.</summary>
    public static string Id(string text)
    {
        if (ShortId().Match(text) is not { Success: true } match)
        {
            return text;
        }

        var number = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        var id = string.Create(CultureInfo.InvariantCulture, $"{number:x8}-0000-4000-8000-000000000000");
        return text[0] is 'S' ? id.ToUpperInvariant() : id;
    }

    public static string[] Ids(IEnumerable<string> texts) => [.. texts.Select(Id)];

    /// <summary>The entry as the hub sends it.</summary>
    public static PresenceEntry Entry(CaseObject values)
    {
        var freshness = values.Text("freshness") ?? Freshness.Live;
        var isUnknown = freshness is Freshness.Unknown;
        var availability = values.Text("availability") ?? (isUnknown ? KnownAvailability.PresenceUnknown : "Available");
        var entry = new PresenceEntry(
            Id(values.Text("id")!),
            availability,
            values.Text("activity") ?? availability,
            freshness,
            Instant(values, "since", isUnknown ? null : Since),
            Instant(values, "observedAt", isUnknown ? null : ObservedAt),
            values.Number("epoch") ?? 1,
            values.Number("revision") ?? 1
        );
        values.AssertRead();
        return entry;
    }

    public static RejectedSubject Rejected(CaseObject values)
    {
        var rejected = new RejectedSubject(Id(values.Text("id")!), values.Text("reason")!);
        values.AssertRead();
        return rejected;
    }

    /// <summary>Whether the entry has the members that are listed.</summary>
    public static bool Matches(PresenceEntry entry, CaseObject expected)
    {
        var isMatch = expected.Names.All(name => IsEqual(entry, expected, name));
        expected.AssertRead();
        return isMatch;
    }

    private static bool IsEqual(PresenceEntry entry, CaseObject expected, string name) =>
        name switch
        {
            "id" => entry.Id == Id(expected.Text(name)!),
            "availability" => entry.Availability == expected.Text(name),
            "activity" => entry.Activity == expected.Text(name),
            "freshness" => entry.Freshness == expected.Text(name),
            "since" => entry.Since == Instant(expected, name, null),
            "observedAt" => entry.ObservedAt == Instant(expected, name, null),
            "epoch" => entry.Epoch == expected.Number(name),
            "revision" => entry.Revision == expected.Number(name),
            _ => throw new InvalidDataException($"An entry has no {name}."),
        };

    private static DateTimeOffset? Instant(CaseObject values, string name, string? without)
    {
        var text = values.Has(name) ? values.Text(name) : without;
        return text is null ? null : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("^[sS]([0-9]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex ShortId();
}
