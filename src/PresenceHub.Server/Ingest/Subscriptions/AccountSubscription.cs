using System.Collections.Frozen;
using System.Net;
using Microsoft.Graph.Models.ODataErrors;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Ingest.Coverage;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// Maintains the one presence subscription that Graph allows a delegated account: creates it when a subject is watched,
/// renews it at half its lifetime, and recreates it when other subjects are watched. One call is in progress at a time.
/// </summary>
internal sealed class AccountSubscription(
    HeldSubscription held,
    RecreatePace pace,
    AccountFailures failures,
    SubscriptionTelemetry telemetry,
    TimeProvider time
)
{
    /// <summary>Graph's limit of subjects for one subscription.</summary>
    public const int Capacity = SubscriptionRecord.MaxSubjects;

    private readonly LifecycleInbox _lifecycle = new(held, telemetry);
    private Guid? _silentId;

    /// <summary>Null while the account has no subscription.</summary>
    public SubscriptionRecord? Held => held.Record;

    public FrozenSet<SubjectId> Covered => Held?.Covered ?? FrozenSet<SubjectId>.Empty;

    /// <summary>What the plan needs to know of the account.</summary>
    public AccountState State => new(Covered, !failures.NeedsSignIn, failures.IsFailing);

    /// <summary>
    /// Whether the subscriptions that Graph holds have been asked for. Before that, the covered subjects are not known.
    /// </summary>
    public bool IsStarted { get; private set; }

    public SubscriptionHealth Health => new(Covered.Count, Held?.ExpiresAt, failures.LastError, failures.NeedsSignIn);

    /// <summary>Hands over what Graph announced; the next call of <see cref="MaintainOnceAsync"/> acts on it.</summary>
    public void Add(LifecycleNotice notice) => _lifecycle.Add(notice);

    /// <summary>Has the record written to Redis again: other nodes verify notifications with it.</summary>
    public void RequestRegistration() => held.RequestRegistration();

    /// <summary>
    /// Has the subscription recreated if it is this one, because Graph sends no notifications for it.
    /// </summary>
    public void MarkSilent(Guid subscriptionId) => _silentId = subscriptionId;

    /// <summary>
    /// Does what is due so that the planned subjects, at most <see cref="Capacity"/>, are covered. Returns true when
    /// all covered subjects have to be refreshed, since changes may have been missed before.
    /// </summary>
    public Task<bool> MaintainOnceAsync(IReadOnlyList<SubjectId> planned, CancellationToken cancellationToken) =>
        TryAsync(now => MaintainAsync(planned, now, cancellationToken), cancellationToken);

    /// <summary>Takes over what Graph holds, at the start of a term. Returns true when all covered subjects have to be
    /// refreshed.</summary>
    public async Task<bool> StartOnceAsync(CancellationToken cancellationToken)
    {
        var mustRefresh = await TryAsync(_ => held.AdoptAsync(cancellationToken), cancellationToken);
        IsStarted = true;
        return mustRefresh;
    }

    private async Task<bool> TryAsync(Func<DateTimeOffset, Task<bool>> attempt, CancellationToken cancellationToken)
    {
        var mustRefresh = _lifecycle.ApplyAll();
        var now = time.GetUtcNow();
        held.DropIfExpired(now);
        if (now < failures.RetryAt)
        {
            return mustRefresh;
        }

        try
        {
            mustRefresh |= await attempt(now);
            await held.RegisterIfNeededAsync(cancellationToken);
            failures.RecordSuccess();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            RecordFailure(exception);
        }

        return mustRefresh;
    }

    private async Task<bool> MaintainAsync(
        IReadOnlyList<SubjectId> planned,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (failures.NeedsSignIn)
        {
            // The plan has no subjects for it. Listing its subscriptions shows whether its token is valid again.
            return await held.AdoptAsync(cancellationToken);
        }

        if (Held is not { } record)
        {
            return planned.Count > 0 && pace.MayCreate(now) && await held.TryCreateAsync(planned, cancellationToken);
        }

        if (_silentId == record.Id && pace.MayCreate(now))
        {
            telemetry.Silent(record.Id);
            return await ReplaceAsync(record, planned, cancellationToken);
        }

        if (held.Renewal.IsDue(now))
        {
            return await RenewOrReplaceAsync(record, planned, now, cancellationToken);
        }

        var waiting = planned.Count(subject => !record.Covered.Contains(subject));
        return pace.IsRecreationDue(waiting, now) && await ReplaceAsync(record, planned, cancellationToken);
    }

    private async Task<bool> RenewOrReplaceAsync(
        SubscriptionRecord record,
        IReadOnlyList<SubjectId> planned,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var isNeeded = planned.Any(record.Covered.Contains);
        if (isNeeded && await held.TryRenewAsync(record, cancellationToken))
        {
            return true;
        }

        if (!pace.MayCreate(now))
        {
            // Graph may answer with an expiry that is near or past; recreating at once would loop.
            held.Renewal.Postpone(pace.NotBefore);
            return false;
        }

        return await ReplaceAsync(record, isNeeded ? planned : [], cancellationToken);
    }

    /// <summary>Graph cannot change the subjects of a subscription: deletes it, and creates another if subjects are
    /// planned.</summary>
    private async Task<bool> ReplaceAsync(
        SubscriptionRecord record,
        IReadOnlyList<SubjectId> planned,
        CancellationToken cancellationToken
    )
    {
        await held.DeleteAsync(record, cancellationToken);
        return planned.Count > 0 && await held.TryCreateAsync(planned, cancellationToken);
    }

    private void RecordFailure(Exception exception)
    {
        held.RequestRegistration();
        if (failures.RecordFailure(exception))
        {
            held.InvalidateToken();
        }

        if (failures.NeedsSignIn)
        {
            held.DropUntilSignIn();
        }
        else if (exception is ODataError { ResponseStatusCode: (int)HttpStatusCode.BadRequest })
        {
            held.ShortenLifetime();
        }
    }
}
