using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Hosting;
using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Hosting;

[Trait("Category", "Functional")]
public sealed class RedisTlsTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("presencehub-tls").FullName;
    private readonly int _port = FreePorts.Take();
    private RedisServer _server = null!;

    public async Task InitializeAsync()
    {
        using var root = CreateRoot("root.pem");
        using var other = CreateRoot("other.pem");
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false)
        );
        using var certificate = request.Create(root, root.NotBefore, root.NotAfter, [1, 2, 3, 4]);
        await File.WriteAllTextAsync(PathOf("server.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(PathOf("server.key"), key.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(PathOf("nothing.pem"), "no certificate");
        _server = new RedisServer(
            "--tls-port",
            _port.ToString(CultureInfo.InvariantCulture),
            "--tls-cert-file",
            PathOf("server.pem"),
            "--tls-key-file",
            PathOf("server.key"),
            "--tls-ca-cert-file",
            PathOf("root.pem"),
            "--tls-auth-clients",
            "no"
        );
        await _server.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData("rediss://localhost:{0}")]
    [InlineData("localhost:{0},ssl=true")]
    [InlineData("rediss://127.0.0.1:{0}?sslHost=localhost")]
    public async Task Connect_CertificateOfTheTrustedRoot_IsAccepted(string connection)
    {
        await using var services = Build(connection, "root.pem");
        var redis = services.GetRequiredService<IConnectionMultiplexer>();
        await Eventually.GetAsync(() => Task.FromResult(redis.IsConnected), connected => connected);
        Assert.True(await redis.GetDatabase().StringSetAsync("key", "value"));
    }

    [Theory]
    [InlineData("rediss://localhost:{0}?abortConnect=true&connectTimeout=5000", "other.pem")]
    [InlineData("rediss://localhost:{0}?abortConnect=true&connectTimeout=5000", "")]
    [InlineData("rediss://127.0.0.1:{0}?abortConnect=true&connectTimeout=5000", "root.pem")]
    [InlineData("rediss://localhost:{0}?abortConnect=true&connectTimeout=5000&sslHost=other.example", "root.pem")]
    public async Task Connect_CertificateOfAnotherRootOrName_IsRefused(string connection, string root)
    {
        await using var services = Build(connection, root);
        var failure = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IConnectionMultiplexer>);
        Assert.StartsWith("Redis:ConnectionString", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rediss://localhost:{0}", "missing.pem")]
    [InlineData("rediss://localhost:{0}", "nothing.pem")]
    [InlineData("redis://localhost:{0}", "root.pem")]
    public async Task Validate_RootsThatCannotBeUsed_NamesTheSetting(string connection, string root)
    {
        await using var services = Build(connection, root);
        var failure = Assert.Throws<OptionsValidationException>(() =>
            services.GetRequiredService<IOptions<RedisOptions>>().Value
        );
        Assert.StartsWith("Redis:TrustedRootPath", failure.Message, StringComparison.Ordinal);
    }

    private ServiceProvider Build(string connection, string root) =>
        RedisNode.Build(
            ("Redis:ConnectionString", string.Format(CultureInfo.InvariantCulture, connection, _port)),
            ("Redis:TrustedRootPath", root.Length is 0 ? null : PathOf(root))
        );

    private string PathOf(string name) => Path.Combine(_directory, name);

    private X509Certificate2 CreateRoot(string file)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={file}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        var root = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(PathOf(file), root.ExportCertificatePem());
        return root;
    }
}
