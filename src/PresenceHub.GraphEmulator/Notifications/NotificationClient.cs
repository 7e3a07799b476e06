using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>
/// Posts to notification URLs without redirects and proxies, and trusts only the certificates in the options.
/// </summary>
internal sealed class NotificationClient : IDisposable
{
    public static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client;
    private readonly GraphEmulatorSwitches _switches;
    private readonly X509Certificate2Collection _roots = [];

    public NotificationClient(GraphEmulatorOptions options)
    {
        _switches = options.Switches;
        if (options.NotificationRootPem is { } pem)
        {
            _roots.ImportFromPem(pem);
        }

        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = Trusts;

        // Timeouts are measured by the emulated clock, not by the client.
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _client.SendAsync(request, cancellationToken);

    public void Dispose() => _client.Dispose();

    private bool Trusts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        var host = (sender as SslStream)?.TargetHostName ?? "";
        if (_switches.TrustAnyCertificateOnLoopback && host is ("localhost" or "127.0.0.1" or "::1"))
        {
            return true;
        }

        if (
            certificate is not X509Certificate2 served
            || _roots.Count == 0
            || errors != SslPolicyErrors.RemoteCertificateChainErrors
        )
        {
            return false;
        }

        using var custom = new X509Chain();
        custom.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        custom.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        custom.ChainPolicy.CustomTrustStore.AddRange(_roots);
        return custom.Build(served);
    }
}
