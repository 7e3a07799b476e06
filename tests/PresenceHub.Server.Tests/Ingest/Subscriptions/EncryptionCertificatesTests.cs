using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

[Trait("Category", "Functional")]
public sealed class EncryptionCertificatesTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
    private readonly IngestKeys _keys = RedisFixture.CreateKeys();
    private readonly EphemeralDataProtectionProvider _protection = new();

    [Fact]
    public async Task CurrentAsync_AnotherNode_ReturnsTheSameCertificateAndDecrypts()
    {
        using var node = CreateNode();
        using var other = CreateNode();
        var made = await node.CurrentAsync(default);

        var shared = await other.CurrentAsync(default);

        Assert.Equal((made.Id, made.PublicBase64), (shared.Id, shared.PublicBase64));
        Assert.Equal([1, 2, 3], shared.Decrypt(EncryptFor(made, [1, 2, 3])));
    }

    [Fact]
    public async Task CurrentAsync_AfterADay_ReturnsAnotherAndThePreviousStillDecrypts()
    {
        using var node = CreateNode();
        var former = await node.CurrentAsync(default);
        _time.Advance(EncryptionCertificates.RotationPeriod - TimeSpan.FromSeconds(1));
        Assert.Same(former, await node.CurrentAsync(default));
        _time.Advance(TimeSpan.FromSeconds(1));

        var current = await node.CurrentAsync(default);

        Assert.NotEqual(former.Id, current.Id);
        using var other = CreateNode();
        Assert.Equal(current.Id, (await other.CurrentAsync(default)).Id);
        Assert.Equal([7], (await other.TryFindAsync(former.Id, default))!.Decrypt(EncryptFor(former, [7])));
        Assert.ThrowsAny<CryptographicException>(() => current.Decrypt(EncryptFor(former, [7])));
    }

    [Fact]
    public async Task TryFindAsync_CertificateIsOlderThanItsLifetime_IsNull()
    {
        using var node = CreateNode();
        var made = await node.CurrentAsync(default);
        var life = await fixture.Redis.GetDatabase().KeyTimeToLiveAsync(_keys.Certificate(made.Id));
        Assert.InRange(
            life!.Value,
            EncryptionCertificates.Lifetime - TimeSpan.FromMinutes(1),
            EncryptionCertificates.Lifetime
        );
    }

    [Fact]
    public async Task CurrentAsync_RedisLostItsData_StoresTheCertificateAgain()
    {
        using var node = CreateNode();
        var made = await node.CurrentAsync(default);
        await fixture.Redis.GetDatabase().KeyDeleteAsync([_keys.Certificate(made.Id), _keys.CurrentCertificate]);

        await node.CurrentAsync(default);

        using var other = CreateNode();
        Assert.Equal(made.Id, (await other.CurrentAsync(default)).Id);
    }

    [Fact]
    public async Task TryFindAsync_UnknownId_IsNull()
    {
        using var node = CreateNode();
        Assert.Null(await node.TryFindAsync("unknown", default));
    }

    [Fact]
    public async Task CurrentAsync_StoredKeyCannotBeDecrypted_CreatesAnother()
    {
        using var node = CreateNode();
        var made = await node.CurrentAsync(default);
        using var stranger = new EncryptionCertificates(
            fixture.Redis,
            _keys,
            new EphemeralDataProtectionProvider(),
            _time
        );
        Assert.NotEqual(made.Id, (await stranger.CurrentAsync(default)).Id);
    }

    [Fact]
    public async Task CurrentAsync_StoredCertificate_HoldsNoReadableKey()
    {
        using var node = CreateNode();
        var made = await node.CurrentAsync(default);
        byte[] stored = (await fixture.Redis.GetDatabase().StringGetAsync(_keys.Certificate(made.Id)))!;

        Assert.NotEmpty(stored);

        // The end of the key: its beginning is the modulus, which is in the certificate too.
        var secret = made.ExportPrivateKey()[^100..];
        Assert.Equal(-1, stored.AsSpan().IndexOf(secret));
        for (var offset = 0; offset < 3; offset++)
        {
            var encoded = Convert.ToBase64String(secret, offset, 90);
            Assert.DoesNotContain(encoded, System.Text.Encoding.UTF8.GetString(stored), StringComparison.Ordinal);
        }
    }

    private static byte[] EncryptFor(EncryptionCertificate certificate, byte[] data)
    {
        using var publicCertificate = X509CertificateLoader.LoadCertificate(
            Convert.FromBase64String(certificate.PublicBase64)
        );
        using var rsa = publicCertificate.GetRSAPublicKey()!;
        return rsa.Encrypt(data, RSAEncryptionPadding.OaepSHA1);
    }

    private EncryptionCertificates CreateNode() => new(fixture.Redis, _keys, _protection, _time);
}
