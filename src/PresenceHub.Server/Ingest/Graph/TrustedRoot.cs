using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Makes handlers that trust the configured roots besides the machine's own. Names and dates are checked all
/// the same.</summary>
internal sealed class TrustedRoot(IOptions<GraphOptions> options)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly Lazy<X509Certificate2Collection> _roots = new(() => Load(options.Value));

    public SocketsHttpHandler CreateHandler() =>
        new()
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),

            // The handler lives as long as the process; new connections follow changes of DNS.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                    IsTrusted(certificate as X509Certificate2, chain, errors),
            },
        };

    internal bool IsTrusted(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors is SslPolicyErrors.None)
        {
            return true;
        }

        if (
            errors is not SslPolicyErrors.RemoteCertificateChainErrors
            || certificate is null
            || _roots.Value.Count is 0
        )
        {
            return false;
        }

        return LeadsTo(_roots.Value, certificate, chain);
    }

    /// <summary>Whether a server's certificate is valid at present and leads to one of the roots. Its name is not
    /// looked at.</summary>
    internal static bool LeadsTo(X509Certificate2Collection roots, X509Certificate2 certificate, X509Chain? chain)
    {
        using var ownChain = new X509Chain();
        ownChain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        ownChain.ChainPolicy.CustomTrustStore.AddRange(roots);
        ownChain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid(ServerAuthentication));

        // A private root seldom publishes revocations; the machine's own trust, checked first, is not affected.
        ownChain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in chain?.ChainElements.AsEnumerable() ?? [])
        {
            ownChain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return ownChain.Build(certificate);
    }

    private static X509Certificate2Collection Load(GraphOptions options)
    {
        var roots = new X509Certificate2Collection();
        if (options.TrustedRootPath is { Length: > 0 } path)
        {
            roots.ImportFromPemFile(path);
        }

        if (options.TrustedRootPem is { Length: > 0 } pem)
        {
            roots.ImportFromPem(pem);
        }

        return roots;
    }
}
