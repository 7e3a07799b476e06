using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net;
using Microsoft.Graph.Models.ODataErrors;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// Keeps the one presence subscription that Graph allows a delegated account: made when somebody is watched, renewed at half its
/// life, made anew when other people are watched. Called by one turn at a time.
/// </summary>
internal sealed class AccountSubscription(
    GraphSubscriptions graph, SubscriptionRegistry registry, TimeSpan minRecreateInterval, TimeProvider time, ILogger logger)
{
    /// <summary>Graph's limit for one subscription.</summary>
    public const int Capacity = 650;

    /// <summary>Graph refuses more than 60 minutes; the clocks differ a little.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(59);

    /// <summary>Graph lengthens anything below 45 minutes: short enough for a clock that is far ahead.</summary>
    private static readonly TimeSpan ShortLife = TimeSpan.FromMinutes(40);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MinRenewalInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<LifecycleNotice> _notices = new();
    private SubscriptionRecord? _held;
    private TimeSpan _life = LongestLife;
    private DateTimeOffset _renewAt;
    private DateTimeOffset _renewedAt;
    private DateTimeOffset _createdAt;
    private DateTimeOffset _notBefore;
    private int _failures;

    /// <summary>Graph may hold subscriptions that this object does not know: of a former leader, or of a call whose answer was lost.</summary>
    private bool _mustList = true;

    private bool _mustRegister;

    public FrozenSet<SubjectId> Covered => _held?.Covered ?? FrozenSet<SubjectId>.Empty;

    /// <summary>Takes note of what Graph said; the next turn acts on it.</summary>
    public void Notice(LifecycleNotice notice) => _notices.Enqueue(notice);

    /// <summary>
    /// Does what is due for the people who should be covered, at most <see cref="Capacity"/>. True when all that are covered have to be
    /// read, since changes may have been missed before.
    /// </summary>
    public async Task<bool> TurnOnceAsync(IReadOnlyList<SubjectId> wanted, CancellationToken cancellationToken)
    {
        var mustRead = TakeNotices();
        var now = time.GetUtcNow();
        if (_held is { } held && held.ExpiresAt <= now)
        {
            Forget();
        }

        if (now < _notBefore)
        {
            return mustRead;
        }

        try
        {
            mustRead |= await ActAsync(wanted, now, cancellationToken);
            if (_mustRegister && _held is { } unregistered)
            {
                await registry.PutAsync(unregistered, cancellationToken);
                _mustRegister = false;
            }

            if (_failures > 0)
            {
                _failures = 0;
                logger.SubscriptionWorks();
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(exception);
        }

        return mustRead;
    }

    private async Task<bool> ActAsync(IReadOnlyList<SubjectId> wanted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_held is not { } held)
        {
            return wanted.Count > 0 && await CreateAsync(wanted, cancellationToken);
        }

        if (now >= _renewAt)
        {
            return wanted.Any(held.Covered.Contains)
                ? await RenewAsync(held, cancellationToken) || await ReplaceAsync(wanted, cancellationToken)
                : await ReplaceAsync([], cancellationToken);
        }

        return now - _createdAt >= minRecreateInterval
            && !wanted.All(held.Covered.Contains)
            && await ReplaceAsync(wanted, cancellationToken);
    }

    private async Task<bool> CreateAsync(IReadOnlyList<SubjectId> wanted, CancellationToken cancellationToken)
    {
        _createdAt = time.GetUtcNow();
        if (_mustList && await AdoptAsync(cancellationToken))
        {
            return true;
        }

        // Until the answer is here, Graph may or may not hold it.
        _mustList = true;
        Hold(await graph.CreateAsync(wanted, time.GetUtcNow() + _life, cancellationToken));
        _mustList = false;
        logger.SubscriptionCreated(_held!.Id, _held.Subjects.Count, _held.ExpiresAt);
        return true;
    }

    /// <summary>Takes over a subscription that this process made in an earlier term; others are in the way.</summary>
    private async Task<bool> AdoptAsync(CancellationToken cancellationToken)
    {
        foreach (var id in await graph.ListAsync(cancellationToken))
        {
            var record = await registry.TryGetAsync(id, cancellationToken);
            if (_held is null && record is not null && record.CertificateId == graph.CertificateId && record.NotificationUrl == graph.NotificationUrl
                && await graph.RenewAsync(id, time.GetUtcNow() + _life, cancellationToken) is { } expiry)
            {
                Hold(record with { ExpiresAt = expiry });
                logger.SubscriptionAdopted(id);
            }
            else
            {
                await graph.DeleteAsync(id, cancellationToken);
            }
        }

        _mustList = false;
        return _held is not null;
    }

    /// <summary>False when it is gone, or when Graph answered without moving its end.</summary>
    private async Task<bool> RenewAsync(SubscriptionRecord held, CancellationToken cancellationToken)
    {
        var expiry = await graph.RenewAsync(held.Id, time.GetUtcNow() + _life, cancellationToken);
        if (expiry is null || expiry <= held.ExpiresAt)
        {
            return false;
        }

        Hold(held with { ExpiresAt = expiry.Value });
        logger.SubscriptionRenewed(held.Id, expiry.Value);
        return true;
    }

    /// <summary>Its people cannot be changed, so another takes its place; with nobody wanted none does.</summary>
    private async Task<bool> ReplaceAsync(IReadOnlyList<SubjectId> wanted, CancellationToken cancellationToken)
    {
        await graph.DeleteAsync(_held!.Id, cancellationToken);
        Forget();
        return wanted.Count > 0 && await CreateAsync(wanted, cancellationToken);
    }

    private void Hold(SubscriptionRecord record)
    {
        var now = time.GetUtcNow();
        _held = record;
        _renewedAt = now;
        _mustRegister = true;

        // Half its life, somewhat less by chance so that many accounts do not come together. A clock that is behind sees a life too long.
        var left = record.ExpiresAt - now;
        _renewAt = now + ((left < LongestLife ? left : LongestLife) / 2 * (0.9 + (0.1 * Random.Shared.NextDouble())));
    }

    private void Forget() => _held = null;

    private bool TakeNotices()
    {
        var mustRead = false;
        while (_notices.TryDequeue(out var notice))
        {
            if (_held?.Id != notice.SubscriptionId)
            {
                continue;
            }

            logger.LifecycleEvent(notice.Event, notice.SubscriptionId);
            switch (notice.Event)
            {
                case LifecycleEvent.ReauthorizationRequired when time.GetUtcNow() - _renewedAt >= MinRenewalInterval:
                    _renewAt = time.GetUtcNow();
                    break;
                case LifecycleEvent.SubscriptionRemoved:
                    Forget();
                    _mustList = true;
                    break;
                case LifecycleEvent.Missed:
                    mustRead = true;
                    break;
            }
        }

        return mustRead;
    }

    private void Failed(Exception exception)
    {
        if (_failures++ is 0)
        {
            logger.SubscriptionFailed(FailureReason.Of(exception));
        }

        if (exception is ODataError { ResponseStatusCode: (int)HttpStatusCode.BadRequest })
        {
            _life = ShortLife;
        }

        var wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(_failures - 1, 10)), LongestWait.TotalSeconds)) * (0.5 + (0.5 * Random.Shared.NextDouble()));
        _notBefore = time.GetUtcNow() + wait + (exception is GraphThrottledException throttled ? throttled.RetryAfter : TimeSpan.Zero);
    }
}
