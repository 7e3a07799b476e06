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
    internal static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    private readonly AdmissionGate _gate;
    private readonly ConcurrencyLimiter _inFlight = new(
        new ConcurrencyLimiterOptions
        {
            PermitLimit = MaxInFlight,
            QueueLimit = MaxWaiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }
    );

    private readonly TimeProvider _time;

    public PeopleAdmission(IOptions<GraphOptions> graph, IOptions<PeopleOptions> people, TimeProvider time)
    {
        _time = time;
        var requests = graph.Value.RequestsPer30Seconds * graph.Value.BudgetShare * people.Value.BudgetShare;
        var perSecond = Math.Max(1, (int)(requests / SecondsOfLimit));
        _gate = new AdmissionGate(perSecond, perSecond * BurstSeconds, MaxWait);
    }

    /// <summary>Waits until a request may be sent: five seconds for a place, and as long for the share. The lease is
    /// disposed when the request is answered.</summary>
    /// <exception cref="PeopleUnavailableException">Too many wait already.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(MaxWait, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        RateLimitLease place;
        try
        {
            place = await _inFlight.AcquireAsync(1, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PeopleUnavailableException(MaxWait);
        }

        try
        {
            var retryAfter = place.IsAcquired ? await _gate.EnterAsync(1, cancellationToken) : MaxWait;
            return retryAfter is null ? place : throw new PeopleUnavailableException(retryAfter);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _gate.Dispose();
        _inFlight.Dispose();
    }
}
