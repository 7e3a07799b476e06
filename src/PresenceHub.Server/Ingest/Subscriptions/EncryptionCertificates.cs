using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// The certificates that Graph encrypts notifications for. All nodes share them: any node may receive a notification,
/// and a new leader takes over the subscriptions of the previous one. A certificate is created every day. The previous
/// one is kept as long as notifications for it may arrive.
/// </summary>
internal sealed class EncryptionCertificates(
    IConnectionMultiplexer redis,
    IngestKeys keys,
    IDataProtectionProvider protection,
    TimeProvider time
) : IDisposable
{
    /// <summary>The purpose string for Data Protection.</summary>
    internal const string Purpose = "PresenceHub.Notifications.PrivateKey.v1";

    internal static readonly TimeSpan RotationPeriod = TimeSpan.FromDays(1);

    /// <summary>
    /// The last subscription for a certificate lives for an hour, and Graph retries deliveries for four more hours.
    /// </summary>
    internal static readonly TimeSpan Lifetime = RotationPeriod + TimeSpan.FromHours(6);

    private readonly IDataProtector _protector = protection.CreateProtector(Purpose);
    private readonly ConcurrentDictionary<string, EncryptionCertificate> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1);
    private EncryptionCertificate? _current;

    /// <summary>Returns the certificate for new subscriptions. Only the leader calls this.</summary>
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public async Task<EncryptionCertificate> CurrentAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_current is { } current && !IsDue(current))
            {
                await TryStoreAsync(current, cancellationToken);
                return current;
            }

            string? id = await redis.GetDatabase().StringGetAsync(keys.CurrentCertificate).WaitAsync(cancellationToken);
            _current =
                id is not null && await TryFindAsync(id, cancellationToken) is { } shared && !IsDue(shared)
                    ? shared
                    : await CreateAsync(cancellationToken);
            return _current;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Returns null when no node has created the certificate, or when it is no longer kept.</summary>
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public async ValueTask<EncryptionCertificate?> TryFindAsync(string id, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(id, out var known))
        {
            return known;
        }

        byte[]? json = await redis.GetDatabase().StringGetAsync(keys.Certificate(id)).WaitAsync(cancellationToken);
        return json is null || TryDecrypt(id, json) is not { } certificate ? null : Remember(certificate);
    }

    public void Dispose() => _gate.Dispose();

    private bool IsDue(EncryptionCertificate certificate) => time.GetUtcNow() - certificate.MadeAt >= RotationPeriod;

    private async Task<EncryptionCertificate> CreateAsync(CancellationToken cancellationToken)
    {
        var created = await Task.Run(() => EncryptionCertificate.Create(time.GetUtcNow()), cancellationToken);
        await StoreAsync(created, cancellationToken);
        return Remember(created);
    }

    /// <summary>
    /// Writes the certificate again when Redis has lost its data, so that nodes that start later find it.
    /// </summary>
    private async Task TryStoreAsync(EncryptionCertificate certificate, CancellationToken cancellationToken)
    {
        try
        {
            if (
                !await redis.GetDatabase().KeyExistsAsync(keys.Certificate(certificate.Id)).WaitAsync(cancellationToken)
            )
            {
                await StoreAsync(certificate, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // This node has the certificate, and the next renewal retries.
        }
    }

    private async Task StoreAsync(EncryptionCertificate certificate, CancellationToken cancellationToken)
    {
        var sealedKey = _protector.Protect(certificate.ExportPrivateKey());
        var json = JsonSerializer.SerializeToUtf8Bytes(
            new StoredCertificate(certificate.MadeAt, certificate.PublicBase64, sealedKey),
            SubscriptionJson.Default.StoredCertificate
        );
        var (database, left) = (redis.GetDatabase(), certificate.MadeAt + Lifetime - time.GetUtcNow());
        await database.StringSetAsync(keys.Certificate(certificate.Id), json, left).WaitAsync(cancellationToken);
        await database.StringSetAsync(keys.CurrentCertificate, certificate.Id, left).WaitAsync(cancellationToken);
    }

    private EncryptionCertificate Remember(EncryptionCertificate certificate)
    {
        foreach (var old in _known.Values)
        {
            if (time.GetUtcNow() - old.MadeAt >= Lifetime)
            {
                _known.TryRemove(old.Id, out _);
            }
        }

        return _known.GetOrAdd(certificate.Id, certificate);
    }

    private EncryptionCertificate? TryDecrypt(string id, byte[] json)
    {
        try
        {
            return
                JsonSerializer.Deserialize(json, SubscriptionJson.Default.StoredCertificate) is { } stored
                && _protector.TryUnprotect(stored.SealedKey) is { } privateKey
                ? EncryptionCertificate.Import(id, stored.MadeAt, stored.PublicBase64, privateKey)
                : null;
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            // The protection keys were lost, or another application wrote the value. Treat it as no certificate.
            return null;
        }
    }
}
