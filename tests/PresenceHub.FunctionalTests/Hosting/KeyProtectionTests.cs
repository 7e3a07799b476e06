using PresenceHub.GraphEmulator;
using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>Nodes of a real tenant, with and without a certificate for the keys that seal tokens.</summary>
public sealed class KeyProtectionTests : IAsyncLifetime
{
    private const string Warning = "DataProtection:CertificatePath is not set";

    private EmulatedTenant _tenant = null!;

    public async Task InitializeAsync() =>
        _tenant = await EmulatedTenant.StartAsync(new GraphEmulatorOptions { ChangePeriod = TimeSpan.Zero });

    public async Task DisposeAsync() => await _tenant.DisposeAsync();

    [Fact]
    public async Task Start_WithoutACertificate_WarnsOnce()
    {
        await using var hub = await HubServer.StartInProcessAsync(_tenant.Settings);

        await hub.OutputLineAsync(Warning);

        await using var next = await HubServer.StartInProcessAsync(_tenant.Settings);
        await next.OutputLineAsync(Warning);
        Assert.Single(hub.Output, line => line.Contains(Warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_WithACertificate_EncryptsTheKeysAndNodesWithAnotherOneDoNotStart()
    {
        using var certificate = KeyCertificateFile.CreatePem();
        using var another = KeyCertificateFile.CreatePfx("never printed");
        await using var hub = await HubServer.StartInProcessAsync(With(("CertificatePath", certificate.Path)));
        await using var redis = await ConnectionMultiplexer.ConnectAsync(_tenant.Settings["Redis__ConnectionString"]);
        var keys = await Eventually.GetAsync(
            () => redis.GetDatabase().ListRangeAsync("ph:ingest:protection-keys"),
            keys => keys.Length > 0
        );
        Assert.NotEmpty(keys);
        Assert.All(keys, key => Assert.Contains("<encryptedSecret", key.ToString(), StringComparison.Ordinal));
        Assert.All(keys, key => Assert.DoesNotContain("<masterKey", key.ToString(), StringComparison.Ordinal));
        Assert.NotEmpty(hub.Output);
        Assert.DoesNotContain(hub.Output, line => line.Contains(Warning, StringComparison.Ordinal));

        var changed = With(("CertificatePath", another.Path), ("CertificatePassword", "never printed"));
        var (exitCode, output) = await HubServer.RunToEndAsync(changed);

        Assert.Equal(78, exitCode);
        Assert.Contains(
            "PresenceHub cannot start: DataProtection:CertificatePath names another certificate",
            output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("never printed", output, StringComparison.Ordinal);
        changed["DataProtection__OtherCertificates__0__Path"] = certificate.Path;
        await using var rotated = await HubServer.StartInProcessAsync(changed);
        Assert.Equal(keys, await redis.GetDatabase().ListRangeAsync("ph:ingest:protection-keys"));
    }

    private Dictionary<string, string> With(params (string Name, string Value)[] settings)
    {
        var all = _tenant.Settings;
        foreach (var (name, value) in settings)
        {
            all[$"DataProtection__{name}"] = value;
        }

        return all;
    }
}
