using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>The subscription of one account at Graph, together with its record in Redis.</summary>
internal sealed class HeldSubscription(
    GraphSubscriptions graph,
    SubscriptionRegistry registry,
    RefusedSubjects refused,
    RecreatePace pace,
    SubscriptionTelemetry telemetry,
    TimeProvider time
)
{
    /// <summary>Graph allows 60 minutes; one minute is left for the difference between the clocks.</summary>
    internal static readonly TimeSpan MaxLifetime = TimeSpan.FromMinutes(59);

    /// <summary>Graph extends any lifetime below 45 minutes, so this one is accepted even when this node's clock is far
    /// ahead.</summary>
    private static readonly TimeSpan ShortLifetime = TimeSpan.FromMinutes(40);

    private readonly SubscriptionCreator _creator = new(graph, refused, telemetry);
    private TimeSpan _lifetime = MaxLifetime;
    private bool _mustRegister;

    /// <summary>Graph may hold subscriptions that this object does not know: those of an earlier leader, or of a call
    /// whose answer was lost.</summary>
    private bool _mustList = true;

    /// <summary>Null while the account has no subscription.</summary>
    public SubscriptionRecord? Record { get; private set; }

    public RenewalSchedule Renewal { get; } = new(time);

    /// <summary>Has the next call of <see cref="RegisterIfNeededAsync"/> write the record again: Redis may have lost
    /// it.</summary>
    public void RequestRegistration() => Volatile.Write(ref _mustRegister, true);

    public async Task RegisterIfNeededAsync(CancellationToken cancellationToken)
    {
        if (Record is { } record && Interlocked.Exchange(ref _mustRegister, false))
        {
            await registry.PutAsync(record, cancellationToken);
        }
    }

    /// <summary>Takes over a subscription that this hub created in an earlier term or on another node, and deletes all
    /// others. Returns true when the account has a subscription.</summary>
    public async Task<bool> AdoptAsync(CancellationToken cancellationToken)
    {
        foreach (var id in await graph.ListAsync(cancellationToken))
        {
            var record = await registry.TryGetAsync(id, cancellationToken);
            if (
                Record is null
                && record is not null
                && await graph.IsCurrentAsync(record, cancellationToken)
                && await graph.RenewAsync(id, time.GetUtcNow() + _lifetime, cancellationToken) is { } expiry
            )
            {
                Hold(record with { ExpiresAt = expiry });
                telemetry.Adopted(id);
            }
            else
            {
                await graph.DeleteAsync(id, cancellationToken);
                await registry.RemoveAsync(id, cancellationToken);
            }
        }

        _mustList = false;
        return Record is not null;
    }

    /// <summary>
    /// Creates a subscription, or takes over the one that Graph already holds. Returns false when Graph refuses all
    /// subjects.
    /// </summary>
    public async Task<bool> TryCreateAsync(IReadOnlyList<SubjectId> subjects, CancellationToken cancellationToken)
    {
        pace.RecordAttempt(time.GetUtcNow());
        if (_mustList && await AdoptAsync(cancellationToken))
        {
            return true;
        }

        // Until Graph answers, it is not known whether the subscription exists.
        _mustList = true;
        if (await _creator.TryCreateAsync(subjects, time.GetUtcNow() + _lifetime, cancellationToken) is not { } created)
        {
            return false;
        }

        Hold(created);
        pace.RecordCreation(time.GetUtcNow());
        _mustList = false;
        telemetry.Created(created);
        return true;
    }

    /// <summary>Returns false when the subscription is gone, has an old certificate or URL, or Graph did not extend
    /// it.</summary>
    public async Task<bool> TryRenewAsync(SubscriptionRecord record, CancellationToken cancellationToken)
    {
        if (!await graph.IsCurrentAsync(record, cancellationToken))
        {
            return false;
        }

        var expiry = await graph.RenewAsync(record.Id, time.GetUtcNow() + _lifetime, cancellationToken);
        if (expiry is null || expiry <= record.ExpiresAt)
        {
            return false;
        }

        var renewed = record with { ExpiresAt = expiry.Value };
        Hold(renewed);
        telemetry.Renewed(renewed);
        return true;
    }

    public async Task DeleteAsync(SubscriptionRecord record, CancellationToken cancellationToken)
    {
        await graph.DeleteAsync(record.Id, cancellationToken);
        Record = null;

        // Late notifications of it are not needed: all its subjects are read when the next subscription exists.
        await registry.RemoveAsync(record.Id, cancellationToken);
    }

    public void DropIfExpired(DateTimeOffset now)
    {
        if (Record is { } record && record.ExpiresAt <= now)
        {
            Record = null;
        }
    }

    /// <summary>Graph has removed the subscription.</summary>
    public void DropRemoved(Guid subscriptionId)
    {
        registry.MarkObsolete(subscriptionId);
        Record = null;
        _mustList = true;
    }

    /// <summary>The sign-in has ended. Graph may still send notifications for a while, but the subscription cannot be
    /// renewed.</summary>
    public void DropUntilSignIn()
    {
        Record = null;
        _mustList = true;
    }

    /// <summary>Graph refused a request as invalid: the lifetime may be too long for a clock that is ahead.</summary>
    public void ShortenLifetime() => _lifetime = ShortLifetime;

    public void InvalidateToken() => graph.InvalidateToken();

    private void Hold(SubscriptionRecord record)
    {
        Record = record;
        pace.ResetWaiting();
        _mustRegister = true;
        Renewal.Restart(record.ExpiresAt);
    }
}
