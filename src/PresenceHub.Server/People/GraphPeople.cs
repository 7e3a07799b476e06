using Microsoft.Graph.Models;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.People;

/// <summary>Asks Graph for people, with the basic properties only.</summary>
internal sealed class GraphPeople(GraphClients graph, PeopleQueries queries)
{
    /// <summary>Graph's limit of values in a filter.</summary>
    public const int MaxIds = 15;

    /// <summary>Each address is compared with two properties.</summary>
    public const int MaxEmails = MaxIds / 2;

    /// <summary>The most people that a search finds, before the policy hides some of them.</summary>
    public const int MaxFound = 50;

    private static readonly string[] Properties =
    [
        "id",
        "displayName",
        "mail",
        "userPrincipalName",
        "jobTitle",
        "department",
    ];

    /// <summary>How many keys of a kind one request carries.</summary>
    public static int MaxKeys(KeyKind kind) => kind is KeyKind.Id ? MaxIds : MaxEmails;

    /// <summary>The people of the keys, in any order; without those that Graph does not know.</summary>
    /// <param name="kind">The kind of all keys.</param>
    /// <param name="keys">At most <see cref="MaxKeys"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PeopleNotSupportedException">Graph refuses it.</exception>
    /// <exception cref="PeopleUnavailableException">Graph cannot answer now.</exception>
    public async Task<IReadOnlyList<Person>> FindAsync(
        KeyKind kind,
        IReadOnlyList<PersonKey> keys,
        CancellationToken cancellationToken
    )
    {
        // A quote in a text is written twice.
        var list = string.Join(',', keys.Select(key => $"'{key.Text.Replace("'", "''", StringComparison.Ordinal)}'"));
        var filter = kind is KeyKind.Id ? $"id in ({list})" : $"mail in ({list}) or userPrincipalName in ({list})";
        var answer = await queries.SendAsync(
            () =>
                graph.Application.Users.GetAsync(
                    request =>
                    {
                        request.QueryParameters.Filter = filter;
                        request.QueryParameters.Select = Properties;
                        PeopleQueries.Mark(request.Options);
                    },
                    cancellationToken
                ),
            cancellationToken
        );
        return [.. (answer?.Value ?? []).Select(ToPerson).OfType<Person>()];
    }

    /// <summary>People whose names have words that begin with the words of the text, in Graph's order.</summary>
    /// <param name="text">The words, separated by spaces.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PeopleNotSupportedException">Graph refuses it.</exception>
    /// <exception cref="PeopleUnavailableException">Graph cannot answer now.</exception>
    public async Task<IReadOnlyList<Person>> SearchAsync(string text, CancellationToken cancellationToken)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        var answer = await queries.SendAsync(
            () =>
                graph.Application.Users.GetAsync(
                    request =>
                    {
                        request.QueryParameters.Search = $"\"displayName:{escaped}\"";
                        request.QueryParameters.Select = Properties;
                        request.QueryParameters.Top = MaxFound;
                        request.Headers.Add("ConsistencyLevel", "eventual");
                        PeopleQueries.Mark(request.Options);
                    },
                    cancellationToken
                ),
            cancellationToken
        );
        return [.. (answer?.Value ?? []).Select(ToPerson).OfType<Person>()];
    }

    private static Person? ToPerson(User user) =>
        SubjectId.TryParse(user.Id, out var id)
            ? new Person(
                id.ToString(),
                user.DisplayName,
                user.Mail,
                user.UserPrincipalName,
                user.JobTitle,
                user.Department
            )
            : null;
}
