using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting.Balancers;

/// <summary>A real proxy with a configuration of the deployment guide, in which only addresses, ports and paths are
/// replaced.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private const string HostName = "presence.contoso.com";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly string _directory = Directory.CreateTempSubdirectory("presencehub-balancer").FullName;
    private readonly int _port = FreePorts.Take();
    private readonly byte[] _certificateHash;
    private Process? _process;

    private Balancer()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest(
            $"CN={HostName}",
            key,
            HashAlgorithmName.SHA256
        ).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        _certificateHash = certificate.GetCertHash(HashAlgorithmName.SHA256);
        var pem = certificate.ExportCertificatePem();
        File.WriteAllText(Path.Combine(_directory, "presencehub.pem"), $"{pem}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        File.WriteAllText(Path.Combine(_directory, "presencehub.key"), key.ExportPkcs8PrivateKeyPem());
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_port}/"));
        Http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => IsOwn(certificate) },
            }
        )
        {
            BaseAddress = Address,
        };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    /// <param name="kind"><c>nginx</c> or <c>haproxy</c>.</param>
    /// <param name="prefix">How the guide treats the prefix /presence: <c>kept</c>, <c>stripped</c>, or null for
    /// none.</param>
    public static async Task<Balancer> StartAsync(string kind, string? prefix, HubServer node1, HubServer node2)
    {
        var balancer = new Balancer();
        try
        {
            var configuration = kind is "nginx" ? Nginx(prefix) : HAProxy(prefix);
            await balancer.StartAsync(kind, balancer.FillIn(configuration, node1, node2));
            return balancer;
        }
        catch
        {
            await balancer.DisposeAsync();
            throw;
        }
    }

    /// <summary>For a client that connects through this proxy by one transport.</summary>
    public Action<HttpConnectionOptions> Through(HttpTransportType transport) =>
        connection =>
        {
            connection.Transports = transport;
            connection.SkipNegotiation = transport is HttpTransportType.WebSockets;
            connection.WebSocketConfiguration = socket =>
                socket.RemoteCertificateValidationCallback = (_, certificate, _, _) => IsOwn(certificate);
            connection.HttpMessageHandlerFactory = handler =>
            {
                ((HttpClientHandler)handler).ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
                    IsOwn(certificate);
                return handler;
            };
        };

    /// <summary>A read of a browser whose page comes from the public name.</summary>
    public async Task<HttpStatusCode> ReadFromOwnPageAsync(string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = HostName;
        request.Headers.Add("Origin", $"https://{HostName}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await Http.SendAsync(request);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static string Nginx(string? prefix)
    {
        var blocks = DeploymentGuide.Blocks("nginx");
        var whole = blocks[0];
        if (prefix is not null)
        {
            var locations = whole.IndexOf("    location ", StringComparison.Ordinal);
            whole = whole[..locations] + blocks[prefix is "kept" ? 1 : 2] + "\n}";
        }

        // One process, so that killing it leaves none behind; the rest is what Debian's nginx.conf says in other words.
        return "daemon off; master_process off; pid DIRECTORY/nginx.pid; error_log stderr;\nevents { }\nhttp {\n"
            + "client_body_temp_path DIRECTORY/body; proxy_temp_path DIRECTORY/proxy; fastcgi_temp_path DIRECTORY/fastcgi;\n"
            + $"uwsgi_temp_path DIRECTORY/uwsgi; scgi_temp_path DIRECTORY/scgi; access_log off;\n{whole}\n}}\n";
    }

    private static string HAProxy(string? prefix)
    {
        var blocks = DeploymentGuide.Blocks("haproxy");
        var whole = prefix is null
            ? blocks[0]
            : blocks[0].Replace("    default_backend presencehub", blocks[1], StringComparison.Ordinal);
        return (
                prefix is "stripped"
                    ? whole.Replace(
                        "backend presencehub\n    balance",
                        $"backend presencehub\n{blocks[2]}\n    balance",
                        StringComparison.Ordinal
                    )
                    : whole
            ) + "\n";
    }

    private string FillIn(string configuration, HubServer node1, HubServer node2) =>
        configuration
            .Replace("DIRECTORY", _directory, StringComparison.Ordinal)
            .Replace("10.0.0.11:8080", node1.Address.Authority, StringComparison.Ordinal)
            .Replace("10.0.0.12:8080", node2.Address.Authority, StringComparison.Ordinal)
            .Replace("listen 443", $"listen {Address.Authority}", StringComparison.Ordinal)
            .Replace("bind :443", $"bind {Address.Authority}", StringComparison.Ordinal)
            .Replace("/etc/nginx/tls", _directory, StringComparison.Ordinal)
            .Replace("/etc/haproxy/tls", _directory, StringComparison.Ordinal)
            .Replace("/var/log/nginx", _directory, StringComparison.Ordinal);

    private async Task StartAsync(string kind, string configuration)
    {
        var path = Path.Combine(_directory, "proxy.cfg");
        await File.WriteAllTextAsync(path, configuration);

        // Not in every user's PATH.
        var program = Path.Combine("/usr/sbin", kind);
        string[] arguments = kind is "nginx" ? ["-p", _directory, "-c", path] : ["-db", "-f", path];
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = _process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(StartTimeout);
        while (!await AnswersAsync(timeout.Token))
        {
            Assert.False(_process.HasExited, _process.HasExited ? await errors : null);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, timeout.Token);
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri("/", UriKind.Relative), cancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private bool IsOwn(X509Certificate? certificate) =>
        certificate is not null
        && certificate.GetCertHash(HashAlgorithmName.SHA256).AsSpan().SequenceEqual(_certificateHash);
}
