using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace PresenceHub.Client.Tests;

/// <summary>Directory.Build.props is the one place of the version.</summary>
public sealed class VersionTests
{
    private static string Version =>
        typeof(PresenceClient)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    [Theory]
    [InlineData("clients/typescript/package.json")]
    [InlineData("clients/typescript/package-lock.json")]
    public void Version_OfTheNpmPackage_IsThatOfTheNuGetPackage(string file)
    {
        using var package = JsonDocument.Parse(File.ReadAllText(PathOf(file)));

        Assert.Equal(Version, package.RootElement.GetProperty("version").GetString());
    }

    [Fact]
    public void Version_OfTheImage_IsThatOfTheNuGetPackage()
    {
        Assert.Contains(
            $"org.opencontainers.image.version=\"{Version}\"",
            File.ReadAllText(PathOf("Dockerfile")),
            StringComparison.Ordinal
        );
    }

    private static string PathOf(string file, [CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", file));
}
