using System.Text.RegularExpressions;
using PresenceHub.GraphEmulator.Requests;

namespace PresenceHub.GraphEmulator.People;

/// <summary>
/// Which people a list has, and in which order: all of them, those of a <c>$filter</c> by id, <c>mail</c>,
/// <c>userPrincipalName</c> or <c>department</c>, or those of a <c>$search</c> by <c>displayName</c>. Other queries are
/// refused.
/// </summary>
internal sealed partial class UserQuery
{
    /// <summary>Graph's limit of values in a filter, over all of its clauses.</summary>
    private const int MaxValues = 15;

    private string[]? _keys;
    private string[]? _words;
    private string? _department;
    private bool _isOrdered;

    /// <summary>Whether the filter reads a property that is not basic.</summary>
    public bool ReadsAllProperties => _department is not null;

    /// <summary>Whether the first page says how many people there are.</summary>
    public bool IsCounted { get; private set; }

    /// <summary>Reads the query of a request. The error is null when it is understood.</summary>
    public static (UserQuery Query, GraphError? Error) Read(HttpRequest request)
    {
        var (filter, search) = (request.Query["$filter"].ToString(), request.Query["$search"].ToString());
        var order = request.Query["$orderby"].ToString();
        var isEventual = request.Headers["ConsistencyLevel"].ToString() is "eventual";
        var query = new UserQuery
        {
            _isOrdered = order.Length > 0,
            // Graph ignores $count in a query without the header.
            IsCounted = isEventual && request.Query["$count"].ToString() is "true",
        };
        if (query._isOrdered && order is not ("displayName" or "displayName asc"))
        {
            return Refused($"Unsupported sort property '{order}' for 'User'.");
        }

        if (query._isOrdered && filter.Length + search.Length > 0 && !query.IsCounted)
        {
            return Refused("Sorting not supported for current query.");
        }

        if (search.Length > 0)
        {
            return filter.Length is 0 && isEventual && Search().Match(search) is { Success: true } match
                ? query.With(words: WordsOf(Unescape(match.Groups[1].Value)))
                : Refused(
                    "Request with $search query parameter only works through MSGraph with a special request header: "
                        + "'ConsistencyLevel: eventual'"
                );
        }

        if (filter.Length is 0)
        {
            return (query, null);
        }

        if (Department().Match(filter) is { Success: true } department)
        {
            return query.With(department: UnescapeQuotes(department.Groups[1].Value));
        }

        if (!Filter().IsMatch(filter))
        {
            return Refused("Unsupported or invalid query filter clause specified.");
        }

        string[] keys = [.. Value().Matches(filter).Select(value => UnescapeQuotes(value.Groups[1].Value))];
        return keys.Length <= MaxValues
            ? query.With(keys: keys)
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
            var found = _keys
                .Select(key => company.TryFind(key, out var index) ? index : -1)
                .Where(index => index >= 0)
                .ToHashSet();
            return _isOrdered ? company.ByDisplayName.Where(found.Contains) : found;
        }

        var all = _isOrdered ? company.ByDisplayName : Enumerable.Range(0, company.Count);
        if (_department is not null)
        {
            return all.Where(index =>
                company.DepartmentOf(index).Equals(_department, StringComparison.OrdinalIgnoreCase)
            );
        }

        return _words is null ? all : all.Where(index => Matches(company.Describe(index).DisplayName));
    }

    private (UserQuery, GraphError?) With(string[]? keys = null, string[]? words = null, string? department = null)
    {
        (_keys, _words, _department) = (keys, words, department);
        return (this, null);
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

    private static string UnescapeQuotes(string text) => text.Replace("''", "'", StringComparison.Ordinal);

    private static (UserQuery, GraphError?) Refused(string message) =>
        (new UserQuery(), GraphError.BadRequest("Request_UnsupportedQuery", message));

    [GeneratedRegex("""^"displayName:((?:[^"\\]|\\.)*)"$""")]
    private static partial Regex Search();

    [GeneratedRegex(@"^department eq '((?:[^']|'')*)'$")]
    private static partial Regex Department();

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
