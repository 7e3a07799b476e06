using System.Buffers.Text;
using System.Security.Cryptography;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>Creates random secrets of URL-safe characters.</summary>
internal static class OneTimeSecret
{
    /// <summary>How long a secret is valid.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const int Bytes = 32;

    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
}
