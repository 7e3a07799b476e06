using System.Security.Cryptography;
using System.Text;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>The secret that Graph repeats in every notification of a subscription. Only its hash is kept.</summary>
internal static class ClientState
{
    private const int Bytes = 32;
    private static readonly byte[] HashOfNone = SHA256.HashData(RandomNumberGenerator.GetBytes(Bytes));

    public static byte[] Hash(string clientState) => SHA256.HashData(Encoding.UTF8.GetBytes(clientState));

    /// <summary>
    /// Compares in constant time, also when the subscription is unknown. Without an expected hash the result is false.
    /// </summary>
    public static bool Matches(byte[]? expectedHash, string? sent)
    {
        var equal = CryptographicOperations.FixedTimeEquals(expectedHash ?? HashOfNone, Hash(sent ?? string.Empty));
        return equal && expectedHash is not null && sent is not null;
    }
}
