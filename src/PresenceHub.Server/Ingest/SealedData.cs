using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest;

/// <summary>Opens what Data Protection has sealed, by keys that are in Redis.</summary>
internal static class SealedData
{
    /// <summary>Null when it cannot be opened: its keys were lost, or it was written by another application.</summary>
    /// <exception cref="RedisException">The keys cannot be read at present. Data Protection says the same of that as of
    /// what cannot be opened.</exception>
    /// <exception cref="TimeoutException">The same.</exception>
    public static byte[]? TryUnprotect(this IDataProtector protector, byte[] sealedData) =>
        TryOpen(() => protector.Unprotect(sealedData));

    /// <summary>Null also when its time is over.</summary>
    /// <exception cref="RedisException">As above.</exception>
    /// <exception cref="TimeoutException">As above.</exception>
    public static string? TryUnprotect(this ITimeLimitedDataProtector protector, string sealedText) =>
        TryOpen(() => protector.Unprotect(sealedText));

    private static T? TryOpen<T>(Func<T> open)
        where T : class
    {
        try
        {
            return open();
        }
        catch (CryptographicException exception)
        {
            for (var cause = exception.InnerException; cause is not null; cause = cause.InnerException)
            {
                if (cause is RedisException or TimeoutException)
                {
                    ExceptionDispatchInfo.Throw(cause);
                }
            }

            return null;
        }
    }
}
