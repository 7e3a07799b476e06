using PresenceHub.Server.Ingest.Protection;
using PresenceHub.Testing;

namespace PresenceHub.Server.Tests.Ingest.Protection;

public sealed class KeyCertificatesTests
{
    [Theory]
    [InlineData(false, "")]
    [InlineData(false, "secret")]
    [InlineData(true, "secret")]
    public void Load_CertificateWithItsKey_IsLoaded(bool isPfx, string password)
    {
        using var file = isPfx
            ? KeyCertificateFile.CreatePfx(password)
            : KeyCertificateFile.CreatePem(password is "" ? null : password);
        var options = new KeyProtectionOptions { CertificatePath = file.Path, CertificatePassword = password };
        var certificates = KeyCertificates.Load(options);
        Assert.Empty(certificates.Failures);
        Assert.True(certificates.Current!.HasPrivateKey);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_WrongPassword_NamesBothSettings(bool isPfx)
    {
        using var file = isPfx ? KeyCertificateFile.CreatePfx("secret") : KeyCertificateFile.CreatePem("secret");
        var options = new KeyProtectionOptions { CertificatePath = file.Path, CertificatePassword = "guess" };
        var failure = Assert.Single(KeyCertificates.Load(options).Failures);
        Assert.Contains("DataProtection:CertificatePath ", failure, StringComparison.Ordinal);
        Assert.Contains("DataProtection:CertificatePassword is wrong", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("guess", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_KeyCannotEncrypt_NamesTheSetting()
    {
        using var file = KeyCertificateFile.CreateElliptic();
        Assert.Equal(
            ["DataProtection:CertificatePath needs an RSA certificate with its private key"],
            KeyCertificates.Load(new KeyProtectionOptions { CertificatePath = file.Path }).Failures
        );
    }

    [Fact]
    public void Load_SeveralInvalidSettings_AreAllNamed()
    {
        using var good = KeyCertificateFile.CreatePem();
        var certificates = KeyCertificates.Load(
            new KeyProtectionOptions
            {
                CertificatePassword = "secret",
                OtherCertificates =
                {
                    new() { Path = good.Path },
                    new() { Path = "/nowhere.pem" },
                    new() { Password = "secret" },
                },
            }
        );
        Assert.Equal(
            [
                "DataProtection:CertificatePassword is set without DataProtection:CertificatePath",
                "DataProtection:OtherCertificates:1:Path names a file that does not exist",
                "DataProtection:OtherCertificates:2:Path is missing",
            ],
            certificates.Failures
        );
        Assert.Single(certificates.Others);
    }
}
