namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>When the current subscription of an account is renewed.</summary>
internal sealed class RenewalSchedule(TimeProvider time)
{
    private static readonly TimeSpan MinReauthorizationInterval = TimeSpan.FromMinutes(1);

    private DateTimeOffset _dueAt;
    private DateTimeOffset _reauthorizedAt;

    public bool IsDue(DateTimeOffset now) => now >= _dueAt;

    /// <summary>Schedules the renewal at half the remaining lifetime.</summary>
    public void Restart(DateTimeOffset expiresAt)
    {
        var now = time.GetUtcNow();
        var left = expiresAt - now;

        // The jitter keeps many accounts from renewing at the same time. A slow clock sees a lifetime that is too long.
        var lifetime = left < HeldSubscription.MaxLifetime ? left : HeldSubscription.MaxLifetime;
        _dueAt = now + (lifetime / 2 * (0.9 + (0.1 * Random.Shared.NextDouble())));
    }

    /// <summary>Renews at once, but at most once a minute. No request of Graph to reauthorize is dropped.</summary>
    public void RequestReauthorization()
    {
        var now = time.GetUtcNow();
        var earliest = _reauthorizedAt + MinReauthorizationInterval;
        var at = earliest > now ? earliest : now;
        if (at < _dueAt)
        {
            (_dueAt, _reauthorizedAt) = (at, at);
        }
    }

    public void Postpone(DateTimeOffset until) => _dueAt = until;
}
