using System.Net;
using Microsoft.Graph.Models;
using Microsoft.Graph.Models.ODataErrors;
using Microsoft.Kiota.Abstractions;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.People;

/// <summary>Asks Graph for people, with the basic properties only.</summary>
internal sealed class GraphPeople(
    GraphClients graph,
    PeopleAdmission admission,
    PeopleSupport support,
    TimeProvider time,
    ILogger<GraphPeople> logger
)
{
    /// <summary>Graph's limit of values in a filter.</summary>
    public const int MaxIds = 15;

    /// <summary>Each address is compared with two properties.</summary>
    public const int MaxEmails = MaxIds / 2;

    private static readonly string[] Properties =
    [
        "id",
        "displayName",
        "mail",
        "userPrincipalName",
        "jobTitle",
        "department",
    ];

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly LogLimit _refusals = new(time);
    private readonly LogLimit _failures = new(time);

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
        var answer = await AskAsync(
            () =>
                graph.Application.Users.GetAsync(
                    request =>
                    {
                        request.QueryParameters.Filter = filter;
                        request.QueryParameters.Select = Properties;
                        Mark(request.Options);
                    },
                    cancellationToken
                ),
            cancellationToken
        );
        return [.. (answer?.Value ?? []).Select(ToPerson).OfType<Person>()];
    }

    private static void Mark(IList<IRequestOption> options)
    {
        options.Add(SecondaryRequest.Instance);

        // The client repeats a failed look-up, at its own pace.
        options.Add(SingleAttempt.Instance);
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

    private async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        support.ThrowIfNot();
        using var place = await admission.EnterAsync(cancellationToken);
        var token = graph.Credential.Generation;
        try
        {
            return await ask();
        }
        catch (ODataError error) when (error.ResponseStatusCode is (int)HttpStatusCode.Forbidden)
        {
            // The permissions are part of the token: the next one may have this one.
            graph.Credential.Forget(token);
            if (_refusals.TryTake())
            {
                logger.PeopleRefused();
            }

            throw support.Refuse();
        }
        catch (GraphThrottledException exception)
        {
            throw new PeopleUnavailableException(exception.RetryAfter);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Behind the resilience handler and the sign-in, a failure has one of many types.
            if (exception is ODataError { ResponseStatusCode: (int)HttpStatusCode.Unauthorized })
            {
                graph.Credential.Forget(token);
            }

            if (_failures.TryTake(out var others))
            {
                logger.PeopleNotRead(FailureReason.Of(exception), others);
            }

            throw new PeopleUnavailableException(RetryAfter);
        }
    }
}
