using System.Net;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Stands right before the wire, so that a request that waited for the budget meanwhile is held back
/// too.</summary>
internal sealed class ThrottleGateHandler(ThrottleGate gate, RequestPacer pacer, GraphBudget budget, TimeProvider time)
    : DelegatingHandler
{
    /// <summary>
    /// Longest wait after a 503. One person whose reads Graph always answers so must not hold up all others for long,
    /// and another page is needed to tell that from an outage.
    /// </summary>
    internal static readonly TimeSpan LongestUnavailable = TimeSpan.FromMinutes(1);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        using var turn = await pacer.EnterAsync(cancellationToken);
        if (gate.ClosedFor is { Ticks: > 0 } closedFor)
        {
            throw new GraphThrottledException(closedFor);
        }

        var response = await base.SendAsync(request, cancellationToken);
        var retryAfter = RetryAfter.Read(response, time.GetUtcNow());
        if (response.StatusCode is HttpStatusCode.TooManyRequests)
        {
            budget.Reduce();
        }
        else if (response.StatusCode is not HttpStatusCode.ServiceUnavailable || retryAfter is null)
        {
            gate.Passed();
            pacer.Passed();
            return response;
        }

        var isUnavailable = response.StatusCode is HttpStatusCode.ServiceUnavailable;
        response.Dispose();
        if (isUnavailable && retryAfter > LongestUnavailable)
        {
            retryAfter = LongestUnavailable;
        }

        if (isUnavailable && SuspectRequest.Is(request))
        {
            throw new GraphUnavailableException(retryAfter.GetValueOrDefault());
        }

        pacer.Refused();
        throw new GraphThrottledException(gate.Close(retryAfter), isUnavailable);
    }
}
