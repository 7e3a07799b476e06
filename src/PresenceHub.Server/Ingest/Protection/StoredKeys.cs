using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Protection;

/// <summary>
/// Whether this node can decrypt the keys in Redis. A key that it cannot decrypt does not stop Data Protection, which
/// makes another one: nodes with different certificates would go on and not open what the others have sealed.
/// </summary>
internal sealed class StoredKeys(
    IConnectionMultiplexer redis,
    IngestKeys keys,
    IKeyManager manager,
    KeyCertificates certificates,
    TimeProvider time
)
{
    /// <summary>
    /// Checks the keys before the start. <see cref="KeyProtectionService"/> checks them later where Redis is away.
    /// </summary>
    /// <exception cref="OptionsValidationException">A key cannot be decrypted.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The check of the store has waited for the server already.
            if (redis.IsConnected && await FindProblemAsync(cancellationToken) is { } problem)
            {
                throw new OptionsValidationException(string.Empty, typeof(KeyProtectionOptions), [problem]);
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // The node starts, is not ready, and says why.
        }
    }

    /// <summary>
    /// What is wrong with the certificates, in words for the operator; null when every key in use can be decrypted.
    /// </summary>
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    /// <exception cref="TimeoutException">The server does not answer.</exception>
    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        // Data Protection reads the keys synchronously: it is asked only when the server has just answered.
        if (!await redis.GetDatabase().KeyExistsAsync(keys.ProtectionKeys).WaitAsync(cancellationToken))
        {
            return null;
        }

        var now = time.GetUtcNow();
        var inUse = manager.GetAllKeys().Where(key => !key.IsRevoked && key.ExpirationDate > now).ToArray();
        var closed = inUse.Count(key => !CanDecrypt(key));
        if (closed is 0)
        {
            return null;
        }

        var cause = certificates.Current is null
            ? "is not set"
            : "names another certificate than the one that they are encrypted with";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"DataProtection:CertificatePath {cause}: {closed} of the {inUse.Length} keys at {keys.ProtectionKeys} in "
                + $"Redis cannot be decrypted. Name that certificate in DataProtection:OtherCertificates; if it is lost, "
                + $"delete the Redis key and connect the accounts again"
        );
    }

    private static bool CanDecrypt(IKey key)
    {
        try
        {
            return key.CreateEncryptor() is not null;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
