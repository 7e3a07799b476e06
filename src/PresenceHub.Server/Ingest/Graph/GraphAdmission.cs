using System.Net;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>
/// Decides whether a request to Graph may leave now: the hub's share of Graph's limits, one request after the other,
/// and silence while Graph asks for it. All requests of the hub, reads and subscriptions alike, pass here. It also
/// decides how many pages and accounts are in progress at the same time, and how soon a page may follow another
/// (<see cref="Pages"/>). Which of the waiting subjects and accounts is next is decided by their queues.
/// </summary>
internal sealed class GraphAdmission(ThrottleGate gate, GraphBudget budget, RequestPacer pacer, TimeProvider time)
{
    /// <summary>Pages that are read at the same time. A page that hangs must not hold up the others; more would only
    /// compete for the same budget.</summary>
    public const int PagesInFlight = 4;

    /// <summary>Accounts whose subscriptions are maintained at the same time. One whose calls hang must not hold up the
    /// others; the polls share the budget with them.</summary>
    public const int AccountsInFlight = 8;

    /// <summary>
    /// Longest wait after a 503. One person whose reads Graph always answers so must not hold up all others for long,
    /// and another page is needed to tell that from an outage.
    /// </summary>
    internal static readonly TimeSpan LongestUnavailable = TimeSpan.FromMinutes(1);

    /// <summary>Closed while Graph has asked for silence about people; presence is read on.</summary>
    private readonly ThrottleGate _secondaryGate = new(time);

    /// <summary>The pace of refreshes and first reads.</summary>
    public PageAdmission Pages { get; } = new();

    /// <summary>False while Graph has asked for silence.</summary>
    public bool IsOpen => gate.ClosedFor == TimeSpan.Zero;

    /// <summary>Waits until a request may leave. The turn is disposed when the answer is there.</summary>
    /// <exception cref="GraphThrottledException">Graph has asked for silence, or too many requests wait.</exception>
    public async Task<RequestPacer.Turn> EnterAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isSecondary = SecondaryRequest.Is(request);
        if (isSecondary)
        {
            ThrowIfClosed(_secondaryGate);
        }

        await budget.SpendAsync(cancellationToken);

        // A request for people takes no turn: the next read of presence would wait for its answer.
        var turn = isSecondary ? new RequestPacer.Turn() : await pacer.EnterAsync(cancellationToken);
        try
        {
            // Asked last, so that a request that has waited meanwhile is held back too.
            ThrowIfClosed(gate);
            if (isSecondary)
            {
                ThrowIfClosed(_secondaryGate);
            }

            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    /// <summary>Takes over what an answer says about further requests.</summary>
    /// <exception cref="GraphThrottledException">Graph asks for silence.</exception>
    /// <exception cref="GraphUnavailableException">Graph asks for silence, but the request itself may be the
    /// reason.</exception>
    public void RecordAnswer(HttpRequestMessage request, HttpResponseMessage response)
    {
        var retryAfter = RetryAfter.Read(response, time.GetUtcNow());
        if (SecondaryRequest.Is(request))
        {
            RecordSecondaryAnswer(response, retryAfter);
            return;
        }

        if (response.StatusCode is HttpStatusCode.TooManyRequests)
        {
            budget.Reduce();
        }
        else if (response.StatusCode is not HttpStatusCode.ServiceUnavailable || retryAfter is null)
        {
            gate.Passed();
            pacer.Passed();
            return;
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

    private static void ThrowIfClosed(ThrottleGate gate)
    {
        if (gate.ClosedFor is { Ticks: > 0 } closedFor)
        {
            throw new GraphThrottledException(closedFor);
        }
    }

    private void RecordSecondaryAnswer(HttpResponseMessage response, TimeSpan? retryAfter)
    {
        var isUnavailable = response.StatusCode is HttpStatusCode.ServiceUnavailable && retryAfter is not null;
        if (response.StatusCode is not HttpStatusCode.TooManyRequests && !isUnavailable)
        {
            _secondaryGate.Passed();
            return;
        }

        response.Dispose();
        throw new GraphThrottledException(_secondaryGate.Close(retryAfter), isUnavailable);
    }
}
