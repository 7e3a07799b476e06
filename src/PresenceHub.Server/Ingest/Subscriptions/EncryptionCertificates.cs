using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// The certificates that Graph encrypts notifications for, shared by all nodes: any of them may get a notification, and
/// a new leader takes over the subscriptions of the former one. A new certificate is made every day; the one before
/// stays as long as anything may come for it.
/// </summary>
internal sealed class EncryptionCertificates(
    IConnectionMultiplexer redis,
    IngestKeys keys,
    IDataProtectionProvider protection,
    TimeProvider time
) : IDisposable
{
    /// <summary>Of the sealing by Data Protection.</summary>
    internal const string Purpose = "PresenceHub.Notifications.PrivateKey.v1";

    internal static readonly TimeSpan RotationPeriod = TimeSpan.FromDays(1);

    /// <summary>After its last subscription was made, that lives for an hour, and Graph tries to deliver for four hours
    /// more.</summary>
    internal static readonly TimeSpan KeptFor = RotationPeriod + TimeSpan.FromHours(6);

    private readonly IDataProtector _protector = protection.CreateProtector(Purpose);
    private readonly ConcurrentDictionary<string, EncryptionCertificate> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);
    private EncryptionCertificate? _current;

    /// <summary>The one to be used for new subscriptions. Called by the leader.</summary>
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public async Task<EncryptionCertificate> CurrentAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
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
                    : await MakeAsync(cancellationToken);
            return _current;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Null when no node made it, or it was too long ago.</summary>
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public async ValueTask<EncryptionCertificate?> TryFindAsync(string id, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(id, out var known))
        {
            return known;
        }

        byte[]? json = await redis.GetDatabase().StringGetAsync(keys.Certificate(id)).WaitAsync(cancellationToken);
        return json is null || TryOpen(id, json) is not { } certificate ? null : Remember(certificate);
    }

    public void Dispose() => _turn.Dispose();

    private bool IsDue(EncryptionCertificate certificate) => time.GetUtcNow() - certificate.MadeAt >= RotationPeriod;

    private async Task<EncryptionCertificate> MakeAsync(CancellationToken cancellationToken)
    {
        var made = await Task.Run(() => EncryptionCertificate.Create(time.GetUtcNow()), cancellationToken);
        await StoreAsync(made, cancellationToken);
        return Remember(made);
    }

    /// <summary>Puts it back where Redis has lost its data: nodes that start later know it from there.</summary>
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
            // This node has it, and the next renewal tries again.
        }
    }

    private async Task StoreAsync(EncryptionCertificate certificate, CancellationToken cancellationToken)
    {
        var sealedKey = _protector.Protect(certificate.ExportPrivateKey());
        var json = JsonSerializer.SerializeToUtf8Bytes(
            new StoredCertificate(certificate.MadeAt, certificate.PublicBase64, sealedKey),
            SubscriptionJson.Default.StoredCertificate
        );
        var (database, left) = (redis.GetDatabase(), certificate.MadeAt + KeptFor - time.GetUtcNow());
        await database.StringSetAsync(keys.Certificate(certificate.Id), json, left).WaitAsync(cancellationToken);
        await database.StringSetAsync(keys.CurrentCertificate, certificate.Id, left).WaitAsync(cancellationToken);
    }

    private EncryptionCertificate Remember(EncryptionCertificate certificate)
    {
        foreach (var old in _known.Values)
        {
            if (time.GetUtcNow() - old.MadeAt >= KeptFor)
            {
                _known.TryRemove(old.Id, out _);
            }
        }

        return _known.GetOrAdd(certificate.Id, certificate);
    }

    private EncryptionCertificate? TryOpen(string id, byte[] json)
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
            // The keys that sealed it were lost, or another application wrote here: the same as no certificate.
            return null;
        }
    }
}
