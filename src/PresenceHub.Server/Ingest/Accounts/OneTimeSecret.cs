using System.Buffers.Text;
using System.Security.Cryptography;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>Secrets that cannot be guessed, in characters that a URL can hold.</summary>
internal static class OneTimeSecret
{
    /// <summary>How long a secret is good for its one use.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const int Bytes = 32;

    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
}
