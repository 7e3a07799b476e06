using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PresenceHub.Server.Ingest.Graph;
using StackExchange.Redis;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// The roots of <c>Redis:TrustedRootPath</c>, the only ones that are trusted for connections to Redis.
/// </summary>
internal sealed class RedisRoots
{
    private const string Setting = "Redis:TrustedRootPath";

    private readonly X509Certificate2Collection _roots = [];

    private RedisRoots(string path) => _roots.ImportFromPemFile(path);

    /// <summary>The problem with the file or with the setting; null if there is none.</summary>
    public static string? FindProblem(string path, ConfigurationOptions connection, string connectionSetting)
    {
        if (!connection.Ssl)
        {
            return $"{Setting} is set, but {connectionSetting} does not ask for TLS; write rediss:// or ssl=true";
        }

        try
        {
            return new RedisRoots(path)._roots.Count > 0
                ? null
                : $"{Setting} names a file that holds no certificate in PEM form: {path}";
        }
        catch (CryptographicException)
        {
            return $"{Setting} names a file that holds no certificate in PEM form: {path}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{Setting} names a file that cannot be read: {exception.Message}";
        }
    }

    public static void Trust(string path, ConfigurationOptions connection)
    {
        var roots = new RedisRoots(path);

        // Never unsubscribed: the roots belong to these options.
        connection.CertificateValidation += roots.IsTrusted;
    }

    private bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) is SslPolicyErrors.None
        && certificate is X509Certificate2 presented
        && TrustedRoot.LeadsTo(_roots, presented, chain);
}
