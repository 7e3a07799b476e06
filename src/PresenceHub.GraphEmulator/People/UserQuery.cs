using System.Text.RegularExpressions;
using PresenceHub.GraphEmulator.Requests;

namespace PresenceHub.GraphEmulator.People;

/// <summary>
/// Which people a list has: all of them, those of a <c>$filter</c> by id, <c>mail</c> or <c>userPrincipalName</c>, or
/// those of a <c>$search</c> by <c>displayName</c>. Other queries are refused.
/// </summary>
internal sealed partial class UserQuery
{
    /// <summary>Graph's limit of values in a filter, over all of its clauses.</summary>
    private const int MaxValues = 15;

    private readonly string[]? _keys;
    private readonly string[]? _words;

    private UserQuery(string[]? keys, string[]? words) => (_keys, _words) = (keys, words);

    /// <summary>Reads the query of a request. The error is null when it is understood.</summary>
    public static (UserQuery Query, GraphError? Error) Read(HttpRequest request)
    {
        var filter = request.Query["$filter"].ToString();
        var search = request.Query["$search"].ToString();
        if (search.Length > 0)
        {
            var isEventual = request.Headers["ConsistencyLevel"].ToString() is "eventual";
            return filter.Length is 0 && isEventual && Search().Match(search) is { Success: true } match
                ? (new UserQuery(null, WordsOf(Unescape(match.Groups[1].Value))), null)
                : Refused(
                    "Request with $search query parameter only works through MSGraph with a special request header: "
                        + "'ConsistencyLevel: eventual'"
                );
        }

        if (filter.Length is 0)
        {
            return (new UserQuery(null, null), null);
        }

        if (!Filter().IsMatch(filter))
        {
            return Refused("Unsupported or invalid query filter clause specified.");
        }

        string[] keys = [.. Value().Matches(filter).Select(value => value.Groups[1].Value.Replace("''", "'"))];
        return keys.Length <= MaxValues
            ? (new UserQuery(keys, null), null)
            : Refused(
                "Too many child clauses specified in search filter expression containing 'OR' operators: "
                    + $"{keys.Length}. Max allowed: {MaxValues}."
            );
    }

    /// <summary>The indexes of the people, each once.</summary>
    public IEnumerable<int> IndexesIn(Company company)
    {
        if (_keys is not null)
        {
            return _keys
                .Select(key => company.TryFind(key, out var index) ? index : -1)
                .Where(index => index >= 0)
                .Distinct();
        }

        var all = Enumerable.Range(0, company.Count);
        return _words is null ? all : all.Where(index => Matches(company.Describe(index).DisplayName));
    }

    /// <summary>Each word of the search begins a word of the name, as Graph compares them.</summary>
    private bool Matches(string name)
    {
        var parts = WordsOf(name);
        return _words!.All(word => parts.Any(part => part.StartsWith(word, StringComparison.OrdinalIgnoreCase)));
    }

    private static string[] WordsOf(string text) =>
        text.Split([' ', '-', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Unescape(string text) => Escaped().Replace(text, "$1");

    private static (UserQuery, GraphError?) Refused(string message) =>
        (new UserQuery([], null), GraphError.BadRequest("Request_UnsupportedQuery", message));

    [GeneratedRegex("""^"displayName:((?:[^"\\]|\\.)*)"$""")]
    private static partial Regex Search();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escaped();

    [GeneratedRegex(
        @"^(?:id|mail|userPrincipalName) in \('(?:[^']|'')*'(?:, ?'(?:[^']|'')*')*\)"
            + @"(?: or (?:id|mail|userPrincipalName) in \('(?:[^']|'')*'(?:, ?'(?:[^']|'')*')*\))*$"
    )]
    private static partial Regex Filter();

    [GeneratedRegex("'((?:[^']|'')*)'")]
    private static partial Regex Value();
}
