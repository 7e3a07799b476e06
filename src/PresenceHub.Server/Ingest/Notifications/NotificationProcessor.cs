using System.Runtime.InteropServices;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Subscriptions;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>Verifies what Graph is said to have posted, and turns it into observations or into requests to read a
/// subject.</summary>
internal sealed class NotificationProcessor(
    NotificationAuthenticator authenticator,
    NotificationPayloads payloads,
    PresenceStore store,
    RefreshRequests refreshes,
    NotifiedSubjects notified,
    LifecycleNotices lifecycle,
    IngestMetrics metrics
)
{
    /// <param name="readInstead">Open nothing, which costs most: have the subjects read.</param>
    /// <exception cref="StackExchange.Redis.RedisException">The server cannot be reached. To process the batch again
    /// does no harm.</exception>
    public async Task ProcessAsync(NotificationBatch batch, bool readInstead, CancellationToken cancellationToken)
    {
        var hints = new HashSet<SubjectId>();
        var rich = new List<RichNotification>();
        var announced = new Dictionary<Guid, HashSet<SubjectId>>();
        var lookups = new Dictionary<string, SubscriptionRecord?>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in batch.Items)
        {
            if (await authenticator.AuthenticateAsync(item, lookups, cancellationToken) is not { } subscription)
            {
                continue;
            }

            if (item.LifecycleEvent is not null)
            {
                await TellAsync(subscription, item.LifecycleEvent);
            }
            else if (!item.TryGetSubject(out var subject))
            {
                // It is authentic, so a subject of the subscription has changed: Graph tells which when all are read.
                AnnouncedBy(subscription).UnionWith(subscription.Covered);
                hints.UnionWith(subscription.Covered);
            }
            else if (!subscription.Covered.Contains(subject))
            {
                metrics.Notified("forged");
            }
            else
            {
                AnnouncedBy(subscription).Add(subject);
                if (item.EncryptedContent is not { } content || readInstead || !item.IsOfDocumentedShape)
                {
                    hints.Add(subject);
                }
                else
                {
                    rich.Add(new RichNotification(subject, content));
                }
            }
        }

        var opened = await payloads.OpenAsync(rich, batch, hints, cancellationToken);
        foreach (var (subscriptionId, subjects) in announced)
        {
            await notified.PublishAsync(subscriptionId, subjects);
        }

        await ApplyAsync(opened, hints, cancellationToken);
        metrics.Notified("hint", hints.Count);
        await refreshes.PublishAsync(hints);

        HashSet<SubjectId> AnnouncedBy(SubscriptionRecord subscription)
        {
            ref var subjects = ref CollectionsMarshal.GetValueRefOrAddDefault(announced, subscription.Id, out _);
            return subjects ??= [];
        }
    }

    private async Task ApplyAsync(
        IReadOnlyList<OpenedPayload> opened,
        HashSet<SubjectId> hints,
        CancellationToken cancellationToken
    )
    {
        if (opened.Count is 0)
        {
            return;
        }

        var outcomes = await store.ApplyAsync([.. opened.Select(payload => payload.Observation)], cancellationToken);
        metrics.Observed(ObservationSource.Notification, outcomes);
        metrics.Notified("applied", outcomes.Count(outcome => outcome is not ApplyOutcome.Unavailable));
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] is ApplyOutcome.Ambiguous or ApplyOutcome.Unavailable)
            {
                hints.Add(opened[i].Observation.Subject);
            }
            else
            {
                payloads.Applied(opened[i]);
            }
        }
    }

    private async Task TellAsync(SubscriptionRecord subscription, string name)
    {
        if (
            Enum.TryParse<LifecycleEvent>(name, ignoreCase: true, out var lifecycleEvent)
            && Enum.IsDefined(lifecycleEvent)
        )
        {
            metrics.Notified("lifecycle");
            await lifecycle.PublishAsync(new LifecycleNotice(subscription.Id, lifecycleEvent));
        }
        else
        {
            metrics.Notified("dropped");
        }
    }
}
