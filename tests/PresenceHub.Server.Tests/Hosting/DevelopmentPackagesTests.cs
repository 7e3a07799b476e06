using System.Text.Json;
using PresenceHub.Testing;

namespace PresenceHub.Server.Tests.Hosting;

/// <summary>PresenceHub.Development is loaded into the server's process, but restored on its own.</summary>
public sealed class DevelopmentPackagesTests
{
    [Fact]
    public void Packages_OfBothProjects_HaveTheSameVersion()
    {
        var server = VersionsOf("PresenceHub.Server");
        var development = VersionsOf("PresenceHub.Development");

        Assert.NotEmpty(development.Keys.Intersect(server.Keys));
        Assert.All(development.Keys.Intersect(server.Keys), name =>
            Assert.Equal((name, server[name]), (name, development[name]))
        );
    }

    [Fact]
    public void Packages_OfTheServer_IncludeNoneForSimulation()
    {
        var server = VersionsOf("PresenceHub.Server").Keys;
        var development = VersionsOf("PresenceHub.Development").Keys;

        Assert.Contains("StackExchange.Redis", server);
        foreach (var simulation in (string[])["Microsoft.Garnet", "KeraLua"])
        {
            Assert.Contains(simulation, development);
            Assert.DoesNotContain(simulation, server);
        }
    }

    private static Dictionary<string, string> VersionsOf(string project)
    {
        var path = Path.Combine(Repository.Root, "src", project, "packages.lock.json");
        using var file = JsonDocument.Parse(File.ReadAllText(path));
        return file
            .RootElement.GetProperty("dependencies")
            .GetProperty("net10.0")
            .EnumerateObject()
            .Where(package => package.Value.TryGetProperty("resolved", out _))
            .ToDictionary(package => package.Name, package => package.Value.GetProperty("resolved").GetString()!);
    }
}
