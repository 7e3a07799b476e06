using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Protection;
using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Ingest.Protection;

[Trait("Category", "Functional")]
public sealed class StoredKeysTests(RedisFixture fixture) : IClassFixture<RedisFixture>, IDisposable
{
    private readonly IngestKeys _keys = RedisFixture.CreateKeys();
    private readonly KeyCertificateFile _certificate = KeyCertificateFile.CreatePfx("secret");
    private readonly KeyCertificateFile _another = KeyCertificateFile.CreatePem();

    public void Dispose()
    {
        _certificate.Dispose();
        _another.Dispose();
    }

    [Fact]
    public async Task Protect_WithACertificate_EncryptsTheKeyForEachNodeWithTheCertificate()
    {
        await using var first = Node(Certificate());
        await using var second = Node(Certificate());

        var sealedText = Protector(first).Protect("the token");

        Assert.Equal("the token", Protector(second).Unprotect(sealedText));
        var stored = Assert.Single(await fixture.Redis.GetDatabase().ListRangeAsync(_keys.ProtectionKeys)).ToString();
        Assert.Contains("<encryptedSecret", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("<masterKey", stored, StringComparison.Ordinal);
        Assert.Null(await Stored(second).FindProblemAsync(CancellationToken.None));
    }

    [Fact]
    public async Task FindProblemAsync_AnotherCertificate_NamesTheSettings()
    {
        await using var first = Node(Certificate());
        await using var second = Node(("CertificatePath", _another.Path));
        var sealedText = Protector(first).Protect("the token");

        var problem = await Stored(second).FindProblemAsync(CancellationToken.None);

        Assert.StartsWith(
            "DataProtection:CertificatePath names another certificate than the one that they are encrypted with: "
                + "1 of the 1 keys at ",
            problem,
            StringComparison.Ordinal
        );
        Assert.Contains("DataProtection:OtherCertificates", problem, StringComparison.Ordinal);
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            Stored(second).CheckAsync(CancellationToken.None)
        );
        Assert.Equal([problem!], refusal.Failures);
        Assert.Throws<CryptographicException>(() => Protector(second).Unprotect(sealedText));
    }

    [Fact]
    public async Task FindProblemAsync_CertificateWasRemoved_NamesTheSetting()
    {
        await using var first = Node(Certificate());
        await using var second = Node();
        Protector(first).Protect("the token");

        var problem = await Stored(second).FindProblemAsync(CancellationToken.None);

        Assert.StartsWith(
            "DataProtection:CertificatePath is not set: 1 of the 1 keys at ",
            problem,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task FindProblemAsync_CertificateReplacedAndOldOneKept_IsNull()
    {
        await using var first = Node(Certificate());
        await using var second = Node(
            ("CertificatePath", _another.Path),
            ("OtherCertificates:0:Path", _certificate.Path),
            ("OtherCertificates:0:Password", "secret")
        );
        var sealedText = Protector(first).Protect("the token");

        Assert.Null(await Stored(second).FindProblemAsync(CancellationToken.None));
        Assert.Equal("the token", Protector(second).Unprotect(sealedText));
    }

    [Fact]
    public async Task FindProblemAsync_UnencryptedKeys_IsNull()
    {
        await using var first = Node();
        await using var second = Node(Certificate());
        Assert.Null(await Stored(first).FindProblemAsync(CancellationToken.None));
        Protector(first).Protect("the token");
        Assert.Null(await Stored(first).FindProblemAsync(CancellationToken.None));
        Assert.Null(await Stored(second).FindProblemAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData("Tenant", false, 1)]
    [InlineData("Tenant", true, 0)]
    [InlineData("Emulator", false, 0)]
    public async Task Service_KeysAreNotEncryptedInARealTenant_WarnsOnce(string mode, bool hasCertificate, int warnings)
    {
        await using var node = Node(hasCertificate ? Certificate() : []);

        var log = await RunServiceAsync(node, Enum.Parse<GraphMode>(mode));

        Assert.Equal(warnings, log.Lines.Count);
        Assert.All(log.Lines, line =>
            Assert.StartsWith("DataProtection:CertificatePath is not set: the keys", line, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Service_KeysCannotBeDecrypted_LogsTheSettings()
    {
        await using var first = Node(Certificate());
        await using var second = Node(("CertificatePath", _another.Path));
        Protector(first).Protect("the token");

        var log = await RunServiceAsync(second, GraphMode.Tenant);

        var line = Assert.Single(log.Lines);
        Assert.StartsWith("DataProtection:CertificatePath names another certificate", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckAsync_RedisIsAway_DoesNotThrow()
    {
        await using var away = await ConnectionMultiplexer.ConnectAsync(
            "127.0.0.1:1,abortConnect=false,connectTimeout=200,syncTimeout=200,asyncTimeout=200"
        );
        await using var node = Node(away, Certificate());

        await Stored(node).CheckAsync(CancellationToken.None);

        using var service = Service(node, GraphMode.Tenant, new WrittenLog());
        Assert.False(await service.CheckOnceAsync(CancellationToken.None));
    }

    private static async Task<WrittenLog> RunServiceAsync(IServiceProvider node, GraphMode mode)
    {
        var log = new WrittenLog();
        using var service = Service(node, mode, log);
        await service.StartAsync(CancellationToken.None);
        await service.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(20));
        return log;
    }

    private static KeyProtectionService Service(IServiceProvider node, GraphMode mode, WrittenLog log) =>
        new(
            Stored(node),
            node.GetRequiredService<KeyCertificates>(),
            Options.Create(new GraphOptions { Mode = mode }),
            TimeProvider.System,
            new LoggerFactory([log]).CreateLogger<KeyProtectionService>()
        );

    private static IDataProtector Protector(IServiceProvider node) =>
        node.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private static StoredKeys Stored(IServiceProvider node) => node.GetRequiredService<StoredKeys>();

    private (string, string)[] Certificate() =>
        [("CertificatePath", _certificate.Path), ("CertificatePassword", "secret")];

    private ServiceProvider Node(params (string Name, string Value)[] settings) => Node(fixture.Redis, settings);

    private ServiceProvider Node(IConnectionMultiplexer redis, (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings.Select(setting =>
                    KeyValuePair.Create($"DataProtection:{setting.Name}", (string?)setting.Value)
                )
            )
            .Build();
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(redis)
            .AddSingleton(_keys)
            .AddSingleton(TimeProvider.System)
            .AddSharedKeys()
            .AddKeyProtection(configuration)
            .BuildServiceProvider();
    }
}
