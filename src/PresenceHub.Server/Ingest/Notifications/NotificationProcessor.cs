using System.Runtime.InteropServices;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Subscriptions;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>Verifies notifications, and turns them into observations or into requests to refresh subjects.</summary>
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
    /// <param name="refreshOnly">Has all subjects refreshed and decrypts nothing, since decryption is the most
    /// expensive part.</param>
    /// <exception cref="StackExchange.Redis.RedisException">The server cannot be reached. The batch can be processed
    /// again without harm.</exception>
    public async Task ProcessAsync(NotificationBatch batch, bool refreshOnly, CancellationToken cancellationToken)
    {
        var toRefresh = new HashSet<SubjectId>();
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
                await PublishLifecycleAsync(subscription, item.LifecycleEvent);
            }
            else if (!item.TryGetSubject(out var subject))
            {
                // The item is authentic, so one of the subjects has changed. Refreshing all of them shows which one.
                AnnouncedBy(subscription).UnionWith(subscription.Covered);
                toRefresh.UnionWith(subscription.Covered);
            }
            else if (!subscription.Covered.Contains(subject))
            {
                metrics.Notified("forged");
            }
            else
            {
                AnnouncedBy(subscription).Add(subject);
                if (item.EncryptedContent is not { } content || refreshOnly || !item.IsOfDocumentedShape)
                {
                    toRefresh.Add(subject);
                }
                else
                {
                    rich.Add(new RichNotification(subject, content));
                }
            }
        }

        var opened = await payloads.OpenAsync(rich, batch, toRefresh, cancellationToken);
        foreach (var (subscriptionId, subjects) in announced)
        {
            await notified.PublishAsync(subscriptionId, subjects);
        }

        await ApplyAsync(opened, toRefresh, cancellationToken);
        metrics.Notified("refreshed", toRefresh.Count);
        await refreshes.PublishAsync(toRefresh);

        HashSet<SubjectId> AnnouncedBy(SubscriptionRecord subscription)
        {
            ref var subjects = ref CollectionsMarshal.GetValueRefOrAddDefault(announced, subscription.Id, out _);
            return subjects ??= [];
        }
    }

    private async Task ApplyAsync(
        IReadOnlyList<OpenedPayload> opened,
        HashSet<SubjectId> toRefresh,
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
                toRefresh.Add(opened[i].Observation.Subject);
            }
            else
            {
                payloads.Applied(opened[i]);
            }
        }
    }

    private async Task PublishLifecycleAsync(SubscriptionRecord subscription, string name)
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
