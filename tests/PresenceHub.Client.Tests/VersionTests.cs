using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace PresenceHub.Client.Tests;

public sealed class VersionTests
{
    [Fact]
    public void Version_OfTheNpmPackage_IsThatOfTheNuGetPackage()
    {
        var version = typeof(PresenceClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!;
        using var package = JsonDocument.Parse(File.ReadAllText(PackageFile()));

        Assert.Equal(
            version.InformationalVersion.Split('+')[0],
            package.RootElement.GetProperty("version").GetString()
        );
    }

    private static string PackageFile([CallerFilePath] string path = "") =>
        Path.GetFullPath(
            Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "clients", "typescript", "package.json")
        );
}
