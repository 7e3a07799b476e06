using System.Net;
using Microsoft.Graph.Models;
using Microsoft.Graph.Users;
using Microsoft.Kiota.Abstractions;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.People;

/// <summary>Asks Graph for people. Without <c>User.Read.All</c> Graph leaves what is not basic null.</summary>
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
        var list = string.Join(',', keys.Select(key => $"'{EscapeQuotes(key.Text)}'"));
        var filter = kind is KeyKind.Id ? $"id in ({list})" : $"mail in ({list}) or userPrincipalName in ({list})";
        var answer = await queries.SendAsync(
            PeoplePermission.Basic,
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
            PeoplePermission.Basic,
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

    /// <summary>A page of a list; null when Graph does not know the page that it shall follow.</summary>
    /// <param name="list">The page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PeopleNotSupportedException">Graph refuses it.</exception>
    /// <exception cref="PeopleUnavailableException">Graph cannot answer now.</exception>
    public Task<PeoplePage?> ListAsync(PeopleList list, CancellationToken cancellationToken) =>
        queries.SendAsync(
            list.Department is null ? PeoplePermission.Basic : PeoplePermission.All,
            async () =>
            {
                try
                {
                    var answer = await RequestOf(list)
                        .GetAsync(
                            request =>
                            {
                                Describe(list, request);
                                PeopleQueries.Mark(request.Options);
                            },
                            cancellationToken
                        );
                    return new PeoplePage(
                        [.. (answer?.Value ?? []).Select(ToPerson).OfType<Person>()],
                        answer?.OdataNextLink is { } next ? PageToken.OfLink(next) : null
                    );
                }
                catch (ApiException error)
                    when (list.After is not null && error.ResponseStatusCode is (int)HttpStatusCode.BadRequest)
                {
                    return null;
                }
            },
            cancellationToken
        );

    /// <summary>The hub writes the address of every page by itself, and takes only the token from Graph.</summary>
    private UsersRequestBuilder RequestOf(PeopleList list)
    {
        var users = graph.Application.Users;
        if (list.After is null)
        {
            return users;
        }

        var first = users.ToGetRequestInformation(request => Describe(list, request));
        first.PathParameters["baseurl"] = graph.Application.RequestAdapter.BaseUrl!;
        return users.WithUrl(list.After.AppendTo(first.URI));
    }

    private static void Describe(
        PeopleList list,
        RequestConfiguration<UsersRequestBuilder.UsersRequestBuilderGetQueryParameters> request
    )
    {
        request.QueryParameters.Select = Properties;
        request.QueryParameters.Orderby = ["displayName"];
        request.QueryParameters.Top = list.Top;
        if (list.Department is { } department)
        {
            // Graph sorts what it filters only in an advanced query, whose header each page needs.
            request.QueryParameters.Filter = $"department eq '{EscapeQuotes(department)}'";
            request.QueryParameters.Count = true;
            request.Headers.Add("ConsistencyLevel", "eventual");
        }
    }

    /// <summary>A quote in a text is written twice.</summary>
    private static string EscapeQuotes(string text) => text.Replace("'", "''", StringComparison.Ordinal);

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
