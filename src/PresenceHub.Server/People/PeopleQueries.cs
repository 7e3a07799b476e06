using System.Net;
using Microsoft.Kiota.Abstractions;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.People;

/// <summary>Sends the requests for people and photos, and says what their failures mean.</summary>
internal sealed class PeopleQueries(
    GraphClients graph,
    PeopleAdmission admission,
    PeopleSupport support,
    TimeProvider time,
    ILogger<PeopleQueries> logger
)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly LogLimit _refusals = new(time);
    private readonly LogLimit _departmentRefusals = new(time);
    private readonly LogLimit _failures = new(time);

    /// <summary>Marks a request as one for people.</summary>
    public static void Mark(IList<IRequestOption> options)
    {
        options.Add(SecondaryRequest.Instance);

        // The client repeats a failed request, at its own pace.
        options.Add(SingleAttempt.Instance);
    }

    /// <summary>Sends a request that is marked.</summary>
    /// <param name="permission">What the request needs.</param>
    /// <param name="ask">Sends it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PeopleNotSupportedException">Graph refuses it.</exception>
    /// <exception cref="PeopleUnavailableException">Graph cannot answer now.</exception>
    public async Task<T> SendAsync<T>(
        PeoplePermission permission,
        Func<Task<T>> ask,
        CancellationToken cancellationToken
    )
    {
        support.ThrowIfRefused(permission);
        using var place = await admission.EnterAsync(cancellationToken);
        var token = graph.Credential.Generation;
        try
        {
            return await ask();
        }
        catch (ApiException error) when (error.ResponseStatusCode is (int)HttpStatusCode.Forbidden)
        {
            // The permissions are part of the token: the next one may have this one.
            graph.Credential.Forget(token);
            LogRefusal(permission);
            throw support.Refuse(permission);
        }
        catch (GraphThrottledException exception)
        {
            throw new PeopleUnavailableException(exception.RetryAfter);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Behind the resilience handler and the sign-in, a failure has one of many types.
            if (exception is ApiException { ResponseStatusCode: (int)HttpStatusCode.Unauthorized })
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

    private void LogRefusal(PeoplePermission permission)
    {
        if (permission is PeoplePermission.All)
        {
            if (_departmentRefusals.TryTake())
            {
                logger.DepartmentsRefused();
            }
        }
        else if (_refusals.TryTake())
        {
            logger.PeopleRefused();
        }
    }
}
