using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net;
using Microsoft.Graph.Models.ODataErrors;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Ingest.Coverage;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// Keeps the one presence subscription that Graph allows a delegated account: created when a subject is watched,
/// renewed at half its life, recreated when other subjects are watched. Called by one turn at a time.
/// </summary>
internal sealed class AccountSubscription(
    GraphSubscriptions graph,
    SubscriptionRegistry registry,
    RefusedSubjects refused,
    SubscriptionOptions options,
    TimeSpan minRecreateInterval,
    IngestMetrics metrics,
    TimeProvider time,
    ILogger logger
) : IPlannedAccount
{
    /// <summary>Graph's limit for one subscription.</summary>
    public const int Capacity = SubscriptionRecord.MaxSubjects;

    /// <summary>Graph refuses more than 60 minutes; the clocks differ a little.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(59);

    /// <summary>Graph lengthens anything below 45 minutes: short enough for a clock that is far ahead.</summary>
    private static readonly TimeSpan ShortLife = TimeSpan.FromMinutes(40);
    private static readonly TimeSpan MinRenewalInterval = TimeSpan.FromMinutes(1);

    private readonly AccountFailures _trouble = new(options, time, logger);
    private readonly ConcurrentQueue<LifecycleNotice> _notices = new();
    private readonly SubscriptionMaker _maker = new(graph, refused, logger);
    private readonly RecreatePace _pace = new(minRecreateInterval, options.RecreateBatch);
    private TimeSpan _life = LongestLife;
    private DateTimeOffset _renewAt;
    private DateTimeOffset _reauthorizedAt;

    /// <summary>Graph may hold subscriptions that this object does not know: of a former leader, or of a call whose
    /// answer was lost.</summary>
    private bool _mustList = true;

    private bool _mustRegister;
    private Guid? _silentId;

    public FrozenSet<SubjectId> Covered => Held?.Covered ?? FrozenSet<SubjectId>.Empty;

    public SubscriptionRecord? Held { get; private set; }

    public bool CanHold => !_trouble.NeedsSignIn;

    public bool IsFailing => _trouble.IsFailing;

    /// <summary>Whether the existing subscriptions are known: before that, it is not known which subjects are
    /// covered.</summary>
    public bool IsSettled { get; private set; }

    public SubscriptionHealth Health => new(Covered.Count, Held?.ExpiresAt, _trouble.LastError, _trouble.NeedsSignIn);

    /// <summary>Takes note of what Graph said; the next turn acts on it.</summary>
    public void Notice(LifecycleNotice notice) => _notices.Enqueue(notice);

    /// <summary>
    /// Does what is due for the people who should be covered, at most <see cref="Capacity"/>. True when all that are
    /// covered have to be read, since changes may have been missed before.
    /// </summary>
    public Task<bool> TurnOnceAsync(IReadOnlyList<SubjectId> wanted, CancellationToken cancellationToken) =>
        TurnOnceAsync(now => ActAsync(wanted, now, cancellationToken), cancellationToken);

    /// <summary>Takes over what Graph holds, at the start of a term. True when all that are covered have to be
    /// read.</summary>
    public async Task<bool> SettleOnceAsync(CancellationToken cancellationToken)
    {
        var mustRead = await TurnOnceAsync(_ => AdoptAsync(cancellationToken), cancellationToken);
        IsSettled = true;
        return mustRead;
    }

    /// <summary>The store may have lost what other nodes have to know: the next turn tells it again.</summary>
    public void RegisterAgain() => Volatile.Write(ref _mustRegister, true);

    /// <summary>A dead subscription ends like any other: the next turn recreates it.</summary>
    public void DeclareDead(Guid subscriptionId) => _silentId = subscriptionId;

    private async Task<bool> TurnOnceAsync(Func<DateTimeOffset, Task<bool>> act, CancellationToken cancellationToken)
    {
        var mustRead = TakeNotices();
        var now = time.GetUtcNow();
        if (Held is { } held && held.ExpiresAt <= now)
        {
            Held = null;
        }

        if (now < _trouble.NotBefore)
        {
            return mustRead;
        }

        try
        {
            mustRead |= await act(now);
            if (Held is { } unregistered && Interlocked.Exchange(ref _mustRegister, false))
            {
                await registry.PutAsync(unregistered, cancellationToken);
            }

            _trouble.Passed();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(exception);
        }

        return mustRead;
    }

    private async Task<bool> ActAsync(
        IReadOnlyList<SubjectId> wanted,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (_trouble.NeedsSignIn)
        {
            // No subject is planned for it: listing its subscriptions shows whether its token is good again.
            return await AdoptAsync(cancellationToken);
        }

        if (Held is not { } held)
        {
            return wanted.Count > 0 && _pace.MayMake(now) && await CreateAsync(wanted, cancellationToken);
        }

        if (_silentId == held.Id && _pace.MayMake(now))
        {
            logger.SubscriptionSilent(held.Id);
            metrics.Subscription("silent");
            return await ReplaceAsync(wanted, cancellationToken);
        }

        if (now >= _renewAt)
        {
            return await RenewOrReplaceAsync(held, wanted, now, cancellationToken);
        }

        var waiting = wanted.Count(subject => !held.Covered.Contains(subject));
        return _pace.IsWorthIt(waiting, now) && await ReplaceAsync(wanted, cancellationToken);
    }

    private async Task<bool> RenewOrReplaceAsync(
        SubscriptionRecord held,
        IReadOnlyList<SubjectId> wanted,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var isWanted = wanted.Any(held.Covered.Contains);
        if (isWanted && await RenewAsync(held, cancellationToken))
        {
            return true;
        }

        if (!_pace.MayMake(now))
        {
            // Graph may answer with an end that is near or past; replacing at once would go on without end.
            _renewAt = _pace.NotBefore;
            return false;
        }

        return await ReplaceAsync(isWanted ? wanted : [], cancellationToken);
    }

    private async Task<bool> CreateAsync(IReadOnlyList<SubjectId> wanted, CancellationToken cancellationToken)
    {
        _pace.Trying(time.GetUtcNow());
        if (_mustList && await AdoptAsync(cancellationToken))
        {
            return true;
        }

        // Until the answer is here, Graph may or may not hold it.
        _mustList = true;
        if (await _maker.TryMakeAsync(wanted, time.GetUtcNow() + _life, cancellationToken) is not { } created)
        {
            return false;
        }

        Hold(created);
        _pace.Made(time.GetUtcNow());
        _mustList = false;
        metrics.Subscription("created");
        logger.SubscriptionCreated(created.Id, created.Subjects.Count, created.ExpiresAt);
        return true;
    }

    /// <summary>Takes over a subscription that this hub made, in an earlier term or on another node; others are in the
    /// way.</summary>
    private async Task<bool> AdoptAsync(CancellationToken cancellationToken)
    {
        foreach (var id in await graph.ListAsync(cancellationToken))
        {
            var record = await registry.TryGetAsync(id, cancellationToken);
            if (
                Held is null
                && record is not null
                && await graph.IsCurrentAsync(record, cancellationToken)
                && await graph.RenewAsync(id, time.GetUtcNow() + _life, cancellationToken) is { } expiry
            )
            {
                Hold(record with { ExpiresAt = expiry });
                metrics.Subscription("adopted");
                logger.SubscriptionAdopted(id);
            }
            else
            {
                await graph.DeleteAsync(id, cancellationToken);
                await registry.RemoveAsync(id, cancellationToken);
            }
        }

        _mustList = false;
        return Held is not null;
    }

    /// <summary>False when it is gone, has an old certificate or URL, or Graph did not move its end.</summary>
    private async Task<bool> RenewAsync(SubscriptionRecord held, CancellationToken cancellationToken)
    {
        if (!await graph.IsCurrentAsync(held, cancellationToken))
        {
            return false;
        }

        var expiry = await graph.RenewAsync(held.Id, time.GetUtcNow() + _life, cancellationToken);
        if (expiry is null || expiry <= held.ExpiresAt)
        {
            return false;
        }

        Hold(held with { ExpiresAt = expiry.Value });
        metrics.Subscription("renewed");
        logger.SubscriptionRenewed(held.Id, expiry.Value);
        return true;
    }

    /// <summary>Its subjects cannot be changed, so another takes its place, unless no subject is wanted.</summary>
    private async Task<bool> ReplaceAsync(IReadOnlyList<SubjectId> wanted, CancellationToken cancellationToken)
    {
        var replaced = Held!.Id;
        await graph.DeleteAsync(replaced, cancellationToken);
        Held = null;

        // What it may still bring tells nothing: all its subjects are read when the next one is there.
        await registry.RemoveAsync(replaced, cancellationToken);
        return wanted.Count > 0 && await CreateAsync(wanted, cancellationToken);
    }

    private void Hold(SubscriptionRecord record)
    {
        var now = time.GetUtcNow();
        Held = record;
        _pace.Renewed();
        _mustRegister = true;

        // Half its life, somewhat less by chance so that many accounts do not come together. A clock that is behind
        // sees a life too long.
        var left = record.ExpiresAt - now;
        _renewAt = now + ((left < LongestLife ? left : LongestLife) / 2 * (0.9 + (0.1 * Random.Shared.NextDouble())));
    }

    /// <summary>At once; when Graph asks again and again, once a minute, but no request of it is dropped.</summary>
    private void RenewSoon(DateTimeOffset now)
    {
        var earliest = _reauthorizedAt + MinRenewalInterval;
        var at = earliest > now ? earliest : now;
        if (at < _renewAt)
        {
            (_renewAt, _reauthorizedAt) = (at, at);
        }
    }

    private bool TakeNotices()
    {
        var mustRead = false;
        while (_notices.TryDequeue(out var notice))
        {
            if (Held?.Id != notice.SubscriptionId)
            {
                continue;
            }

            logger.LifecycleEvent(notice.Event, notice.SubscriptionId);
            switch (notice.Event)
            {
                case LifecycleEvent.ReauthorizationRequired:
                    RenewSoon(time.GetUtcNow());
                    break;
                case LifecycleEvent.SubscriptionRemoved:
                    registry.MarkObsolete(notice.SubscriptionId);
                    Held = null;
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
        metrics.Subscription("failed");
        RegisterAgain();
        if (_trouble.Failed(exception))
        {
            graph.RenounceToken();
        }

        if (_trouble.NeedsSignIn)
        {
            // Its subscription at Graph may send notifications for a while, but cannot be renewed.
            _mustList = true;
            Held = null;
        }
        else if (exception is ODataError { ResponseStatusCode: (int)HttpStatusCode.BadRequest })
        {
            _life = ShortLife;
        }
    }
}
