using System.Net;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Stands right before the wire, so that a request that waited for the budget meanwhile is held back too.</summary>
internal sealed class ThrottleGateHandler(ThrottleGate gate, RequestPacer pacer, GraphBudget budget, TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
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

        response.Dispose();
        pacer.Refused();
        throw new GraphThrottledException(gate.Close(retryAfter));
    }
}
