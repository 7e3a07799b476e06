using System.Globalization;
using System.Security.Claims;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>The limits of every call, over the hub and over HTTP: its rate, the quotas of its watcher, and the rates of
/// the node.</summary>
internal sealed class CallLimits(CallRateLimit rateLimit, WatcherQuotas quotas, Admissions admissions)
{
    public WatcherUsage UsageOf(Watcher watcher, ClaimsPrincipal? user) =>
        quotas.Of(watcher, WatcherClaims.RolesOf(user));

    /// <param name="caller">A connection; over HTTP, a watcher.</param>
    /// <exception cref="QuotaExceededException">The caller calls too often.</exception>
    public void CheckRate(string caller)
    {
        if (!rateLimit.TryTake(caller))
        {
            throw new QuotaExceededException(
                QuotaExceededException.CallsPerSecond,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"too many calls; {rateLimit.CallsPerSecond} per second are possible"
                ),
                rateLimit.RetryAfter
            );
        }
    }

    /// <summary>Waits until a call is admitted. A call with too many ids counts as the largest call. It is refused
    /// later, with the name of the limit.</summary>
    /// <exception cref="QuotaExceededException">The watcher asks for too many ids.</exception>
    /// <exception cref="NodeBusyException">All clients together ask for too many ids.</exception>
    public async ValueTask AdmitAsync(WatcherUsage usage, int ids, CancellationToken cancellationToken)
    {
        var asked = Math.Min(ids, rateLimit.MaxIdsPerCall);
        if (asked is 0)
        {
            return;
        }

        if (!usage.Ids.TryTake(asked, out var retryAfter))
        {
            throw QuotaExceededException.Ids(usage.Limits.IdsPerSecond, retryAfter);
        }

        if (await admissions.Ids.EnterAsync(asked, cancellationToken) is { } busyFor)
        {
            // The call is refused, so the watcher is charged nothing.
            usage.Ids.Return(asked);
            throw new NodeBusyException(busyFor);
        }
    }
}
