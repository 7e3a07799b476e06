using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Hosting;
using PresenceHub.Testing;

namespace PresenceHub.Server.Tests.Hosting;

/// <summary>The probe asks where the server of the same settings listens. <c>PORT</c> is a free one, <c>OTHER</c> one
/// where nothing listens.</summary>
public sealed class HealthProbeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("presencehub-probe").FullName;
    private readonly string _port = FreePorts.Take().ToString(CultureInfo.InvariantCulture);
    private readonly string _otherPort = FreePorts.Take().ToString(CultureInfo.InvariantCulture);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("urls=http://127.0.0.1:PORT")]
    [InlineData("urls=http://localhost:PORT")]
    [InlineData("urls=http://*:PORT")]
    [InlineData("urls=http://0.0.0.0:PORT")]
    [InlineData("urls=http://[::]:PORT")]
    [InlineData("urls=http://[::1]:PORT")]
    [InlineData("urls=http://hub.example:PORT")]
    [InlineData("urls=http://127.0.0.1:PORT", "http_ports=OTHER")]
    [InlineData("urls=http://unix:DIRECTORY/hub.sock")]
    [InlineData("http_ports=PORT")]
    [InlineData("https_ports=PORT", "Kestrel:Certificates:Default:Path=DIRECTORY/hub.pfx")]
    [InlineData("Kestrel:Endpoints:Public:Url=http://*:PORT", "urls=http://*:OTHER")]
    [InlineData(
        "Kestrel:Endpoints:Public:Url=https://*:PORT",
        "Kestrel:Certificates:Default:Path=DIRECTORY/hub.pfx",
        "http_ports=OTHER"
    )]
    [InlineData("urls=http://*:PORT", "AllowedHosts=hub.example;presence.example")]
    [InlineData("urls=http://*:PORT", "AllowedHosts=*.hub.example")]
    public async Task Ask_TheServerOfTheSameSettings_IsHealthy(params string[] settings)
    {
        await using var server = await StartAsync(settings);

        Assert.Equal((true, "alive"), await HealthProbe.AskAsync(server.Configuration));
    }

    [Fact]
    public async Task Ask_WhereNothingListens_Fails() =>
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            HealthProbe.AskAsync(Configuration($"urls=http://*:{_otherPort}"))
        );

    [Theory]
    [InlineData("urls=http://127.0.0.1:0")]
    [InlineData("urls=127.0.0.1:5080")]
    public async Task Ask_SettingsThatNameNoPort_Fails(string setting) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => HealthProbe.AskAsync(Configuration(setting)));

    private static IConfigurationRoot Configuration(string setting) =>
        new ConfigurationBuilder().AddCommandLine([$"--{setting}"]).Build();

    private async Task<WebApplication> StartAsync(string[] settings)
    {
        await CreateCertificateAsync(Path.Combine(_directory, "hub.pfx"));
        var arguments = settings.Select(setting =>
            "--"
            + setting
                .Replace("PORT", _port, StringComparison.Ordinal)
                .Replace("OTHER", _otherPort, StringComparison.Ordinal)
                .Replace("DIRECTORY", _directory, StringComparison.Ordinal)
        );
        var builder = WebApplication.CreateBuilder([.. arguments, "--hostBuilder:reloadConfigOnChange=false"]);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapGet("/health/live", (HttpContext _) => "alive");
        await app.StartAsync();
        return app;
    }

    private static async Task CreateCertificateAsync(string path)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest(
            "CN=elsewhere.example",
            key,
            HashAlgorithmName.SHA256
        ).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await File.WriteAllBytesAsync(path, certificate.Export(X509ContentType.Pfx));
    }
}
