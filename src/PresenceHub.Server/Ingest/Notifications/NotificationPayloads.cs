using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Subscriptions;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// Decrypts the payloads of a POST in parallel, unless they cannot contain anything new. Their order does not matter,
/// since the store orders observations by their sequence number.
/// </summary>
internal sealed class NotificationPayloads(
    ValidationTokens validationTokens,
    EncryptionCertificates certificates,
    PayloadThreads threads,
    AppliedPayloads applied,
    SequencedPayloads sequenced,
    IOptions<NotificationOptions> options,
    IngestMetrics metrics
)
{
    private readonly PayloadTrust _trust = options.Value.TrustPayload;

    /// <summary>Returns the presences that may be stored, in the order of the items.</summary>
    /// <param name="toRefresh">Receives the subjects that have to be refreshed instead.</param>
    /// <exception cref="StackExchange.Redis.RedisException">The server cannot be reached.</exception>
    public async Task<IReadOnlyList<OpenedPayload>> OpenAsync(
        IReadOnlyList<RichNotification> items,
        NotificationBatch batch,
        HashSet<SubjectId> toRefresh,
        CancellationToken cancellationToken
    )
    {
        var verdict = items.Count is 0
            ? TokenVerdict.Forged
            : await validationTokens.VerifyAsync(batch.ValidationTokens, cancellationToken);
        if (verdict is TokenVerdict.Forged)
        {
            metrics.Notified("forged", items.Count);
            return [];
        }

        if (verdict is TokenVerdict.Unverifiable || _trust is PayloadTrust.Never)
        {
            // The client state is correct. A notification without data does not prove more than that.
            toRefresh.UnionWith(items.Select(item => item.Subject));
            return [];
        }

        var opening = new List<(SubjectId Subject, UInt128 Fingerprint, Task<byte[]?> Json)>(items.Count);
        foreach (var (subject, content) in items)
        {
            var fingerprint = AppliedPayloads.FingerprintOf(subject, content);
            if (applied.Contains(fingerprint))
            {
                metrics.Notified("repeated");
            }
            else if (!IsWorthOpening() || await FindCertificateAsync(content, cancellationToken) is not { } certificate)
            {
                toRefresh.Add(subject);
            }
            else
            {
                opening.Add((subject, fingerprint, threads.DecryptAsync(content, certificate)));
            }
        }

        await Task.WhenAll(opening.Select(one => one.Json));
        var opened = new List<OpenedPayload>(opening.Count);
        foreach (var (subject, fingerprint, json) in opening)
        {
            if (Read(await json, subject, batch.ReceivedAt, toRefresh) is { } observation)
            {
                opened.Add(new OpenedPayload(observation, fingerprint));
            }
        }

        return opened;
    }

    /// <summary>
    /// Records that the store has applied the payload. It is not decrypted again when Graph repeats it.
    /// </summary>
    public void Applied(OpenedPayload payload) => applied.Add(payload.Fingerprint);

    private bool IsWorthOpening() => _trust is PayloadTrust.Always || sequenced.IsWorthOpening();

    private async ValueTask<EncryptionCertificate?> FindCertificateAsync(
        EncryptedContent content,
        CancellationToken cancellationToken
    ) =>
        content.EncryptionCertificateId is { Length: > 0 } id
            ? await certificates.TryFindAsync(id, cancellationToken)
            : null;

    private Observation? Read(byte[]? json, SubjectId subject, long receivedAt, HashSet<SubjectId> toRefresh)
    {
        if (json is null)
        {
            metrics.Notified("forged");
            return null;
        }

        var reading = PayloadReader.Read(json, subject);
        if (reading.NamesAnother)
        {
            metrics.Notified("forged");
            return null;
        }

        var observation = ToObservation(reading.Payload, subject, receivedAt);
        if (observation is null)
        {
            toRefresh.Add(subject);
        }

        return observation;
    }

    /// <summary>
    /// Null when the payload has another shape, cannot be ordered, or holds values that the store does not accept.
    /// </summary>
    private Observation? ToObservation(PresencePayload? payload, SubjectId subject, long receivedAt)
    {
        var sequenceNumber = Observation.IsToken(payload?.SequenceNumber) ? payload!.SequenceNumber : null;
        sequenced.Opened(sequenceNumber is not null);
        if (payload is null || (sequenceNumber is null && _trust is not PayloadTrust.Always))
        {
            return null;
        }

        if (Observation.IsToken(payload.Availability) && Observation.IsToken(payload.Activity))
        {
            return new Observation(
                subject,
                payload.Availability!,
                payload.Activity!,
                sequenceNumber,
                receivedAt,
                ObservationSource.Notification
            );
        }

        metrics.ObservationRefused(ObservationSource.Notification);
        return null;
    }
}
