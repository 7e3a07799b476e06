using System.Text.Json;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Subscriptions;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>Verifies what Graph is said to have posted, and turns it into observations or into requests to read a subject.</summary>
internal sealed class NotificationProcessor(
    SubscriptionRegistry registry, ValidationTokens validationTokens, EncryptionCertificates certificates, PresenceStore store, WantedSubjects wanted,
    NotifiedSubjects notified, LifecycleNotices lifecycle, IOptions<GraphOptions> graph, IOptions<NotificationOptions> options, IngestMetrics metrics)
{
    /// <summary>Graph posts what we subscribed to; whoever makes ids up shall not have each of them looked up.</summary>
    private const int MaxUnknownSubscriptions = 4;

    private readonly PayloadTrust _trust = options.Value.TrustPayload;

    /// <param name="readInstead">Open nothing, which costs most: have the subjects read.</param>
    /// <exception cref="StackExchange.Redis.RedisException">The server cannot be reached. To process the batch again does no harm.</exception>
    public async Task ProcessAsync(NotificationBatch batch, bool readInstead, CancellationToken cancellationToken)
    {
        metrics.Notified("malformed", batch.Malformed);
        TokenVerdict? verdict = null;
        var observations = new List<Observation>();
        var hints = new HashSet<SubjectId>();
        var announced = new List<(Guid SubscriptionId, SubjectId Subject)>();
        var lookups = new Dictionary<string, SubscriptionRecord?>(StringComparer.OrdinalIgnoreCase);
        foreach (var item in batch.Items)
        {
            if (await AuthenticateAsync(item, lookups, cancellationToken) is not { } subscription)
            {
                continue;
            }

            if (item.LifecycleEvent is not null)
            {
                await TellAsync(subscription, item.LifecycleEvent);
            }
            else if (!TryGetSubject(item, subscription, out var subject))
            {
                metrics.Notified("forged");
            }
            else if (item.EncryptedContent is not { } content || readInstead)
            {
                announced.Add((subscription.Id, subject));
                hints.Add(subject);
            }
            else
            {
                announced.Add((subscription.Id, subject));
                verdict ??= await validationTokens.VerifyAsync(batch.ValidationTokens, cancellationToken);
                var certificate = content.EncryptionCertificateId is { Length: > 0 } id ? await certificates.TryFindAsync(id, cancellationToken) : null;
                Open(content, verdict.Value, certificate, subject, batch.ReceivedAt, observations, hints);
            }
        }

        foreach (var subscription in announced.GroupBy(one => one.SubscriptionId, one => one.Subject))
        {
            await notified.PublishAsync(subscription.Key, subscription);
        }

        await ApplyAsync(observations, hints, cancellationToken);
        metrics.Notified("hint", hints.Count);
        await wanted.PublishAsync(hints);
    }

    /// <summary>The subscription that an item belongs to; null when it does not prove that.</summary>
    private async Task<SubscriptionRecord?> AuthenticateAsync(
        ChangeNotification item, Dictionary<string, SubscriptionRecord?> lookups, CancellationToken cancellationToken)
    {
        SubscriptionRecord? record = null;
        if (Guid.TryParse(item.SubscriptionId, out var id) && !lookups.TryGetValue(item.SubscriptionId, out record)
            && lookups.Values.Count(found => found is null) < MaxUnknownSubscriptions)
        {
            lookups[item.SubscriptionId] = record = await registry.TryGetAsync(id, cancellationToken);
        }

        if (ClientState.Matches(record?.ClientStateHash, item.ClientState)
            && Guid.TryParse(item.TenantId, out var tenantId) && tenantId == Guid.Parse(graph.Value.TenantId!))
        {
            return record;
        }

        metrics.Notified(record is null ? "unknownSubscription" : "forged");
        return null;
    }

    private static bool TryGetSubject(ChangeNotification item, SubscriptionRecord subscription, out SubjectId subject) =>
        SubjectId.TryParse(item.ResourceData?.Id, out subject) && subscription.Covered.Contains(subject);

    private void Open(
        EncryptedContent content, TokenVerdict verdict, EncryptionCertificate? certificate, SubjectId subject, long receivedAt,
        List<Observation> observations, HashSet<SubjectId> hints)
    {
        if (verdict is TokenVerdict.Forged)
        {
            metrics.Notified("forged");
        }
        else if (verdict is TokenVerdict.Unverifiable || _trust is PayloadTrust.Never || certificate is null)
        {
            // The client state was right, which is all that a notification without data has to show either.
            hints.Add(subject);
        }
        else if (PayloadDecryptor.TryDecrypt(content, certificate) is not { } json || TryRead(json) is not { } payload
            || !SubjectId.TryParse(payload.Id, out var payloadSubject) || payloadSubject != subject)
        {
            metrics.Notified("forged");
        }
        else if (ToObservation(payload, subject, receivedAt) is { } observation)
        {
            observations.Add(observation);
        }
        else
        {
            hints.Add(subject);
        }
    }

    /// <summary>Null when the payload cannot be ordered, or holds values that the store cannot carry.</summary>
    private Observation? ToObservation(PresencePayload payload, SubjectId subject, long receivedAt)
    {
        var sequenceNumber = Observation.IsToken(payload.SequenceNumber) ? payload.SequenceNumber : null;
        if (sequenceNumber is null && _trust is not PayloadTrust.Always)
        {
            return null;
        }

        if (Observation.IsToken(payload.Availability) && Observation.IsToken(payload.Activity))
        {
            return new Observation(subject, payload.Availability!, payload.Activity!, sequenceNumber, receivedAt, ObservationSource.Notification);
        }

        metrics.ObservationRefused(ObservationSource.Notification);
        return null;
    }

    private async Task ApplyAsync(List<Observation> observations, HashSet<SubjectId> hints, CancellationToken cancellationToken)
    {
        if (observations.Count is 0)
        {
            return;
        }

        var outcomes = await store.ApplyAsync(observations, cancellationToken);
        metrics.Observed(ObservationSource.Notification, outcomes);
        metrics.Notified("applied", outcomes.Length);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] is ApplyOutcome.Ambiguous)
            {
                hints.Add(observations[i].Subject);
            }
        }
    }

    private async Task TellAsync(SubscriptionRecord subscription, string name)
    {
        if (Enum.TryParse<LifecycleEvent>(name, ignoreCase: true, out var lifecycleEvent) && Enum.IsDefined(lifecycleEvent))
        {
            metrics.Notified("lifecycle");
            await lifecycle.PublishAsync(new LifecycleNotice(subscription.Id, lifecycleEvent));
        }
        else
        {
            metrics.Notified("dropped");
        }
    }

    private static PresencePayload? TryRead(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, NotificationJson.Default.PresencePayload);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
