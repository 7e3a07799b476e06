using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Protection;

/// <summary>
/// Checks whether this node can decrypt the keys in Redis. Data Protection ignores a key that it cannot decrypt, and
/// creates another one. Nodes with different certificates could then not decrypt the secrets of each other.
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
    /// Checks the keys at start. If Redis is away, <see cref="KeyProtectionService"/> checks them later.
    /// </summary>
    /// <exception cref="OptionsValidationException">A key cannot be decrypted.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The check of the store has already waited for the server.
            if (redis.IsConnected && await FindProblemAsync(cancellationToken) is { } problem)
            {
                throw new OptionsValidationException(string.Empty, typeof(KeyProtectionOptions), [problem]);
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // The node starts, is not ready, and reports the reason.
        }
    }

    /// <summary>
    /// Returns the problem with the certificates as a text for the operator, or null when each key in use can be
    /// decrypted.
    /// </summary>
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    /// <exception cref="TimeoutException">The server does not answer.</exception>
    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        // Data Protection reads the keys synchronously, so this is only done when the server has just answered.
        if (!await redis.GetDatabase().KeyExistsAsync(keys.ProtectionKeys).WaitAsync(cancellationToken))
        {
            return null;
        }

        var now = time.GetUtcNow();
        var inUse = manager.GetAllKeys().Where(key => !key.IsRevoked && key.ExpirationDate > now).ToArray();
        var undecryptable = inUse.Count(key => !CanDecrypt(key));
        if (undecryptable is 0)
        {
            return null;
        }

        var cause = certificates.Current is null
            ? "is not set"
            : "names another certificate than the one that they are encrypted with";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"DataProtection:CertificatePath {cause}: {undecryptable} of the {inUse.Length} keys at {keys.ProtectionKeys} in "
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
