using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.People;

/// <summary>
/// Keeps requests for people within their share of the hub's budget, before they queue for the budget itself: there at
/// most a few of them wait beside the reads of presence.
/// </summary>
internal sealed class PeopleAdmission : IDisposable
{
    internal const int MaxInFlight = 4;

    /// <summary>Requests that wait while Graph does not answer; more are refused.</summary>
    private const int MaxWaiting = 100;

    /// <summary>What is not used in so many seconds may be used at once: a page asks for all of its people.</summary>
    private const int BurstSeconds = 10;

    private const double SecondsOfLimit = 30;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private readonly AdmissionGate _gate;
    private readonly ConcurrencyLimiter _inFlight = new(
        new ConcurrencyLimiterOptions
        {
            PermitLimit = MaxInFlight,
            QueueLimit = MaxWaiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }
    );

    public PeopleAdmission(IOptions<GraphOptions> graph, IOptions<PeopleOptions> people)
    {
        var requests = graph.Value.RequestsPer30Seconds * graph.Value.BudgetShare * people.Value.BudgetShare;
        var perSecond = Math.Max(1, (int)(requests / SecondsOfLimit));
        _gate = new AdmissionGate(perSecond, perSecond * BurstSeconds, MaxWait);
    }

    /// <summary>Waits until a request may be sent. The lease is disposed when it is answered.</summary>
    /// <exception cref="PeopleUnavailableException">Too many wait already.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        if (await _gate.EnterAsync(1, cancellationToken) is { } retryAfter)
        {
            throw new PeopleUnavailableException(retryAfter);
        }

        var lease = await _inFlight.AcquireAsync(1, cancellationToken);
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        throw new PeopleUnavailableException(MaxWait);
    }

    public void Dispose()
    {
        _gate.Dispose();
        _inFlight.Dispose();
    }
}
