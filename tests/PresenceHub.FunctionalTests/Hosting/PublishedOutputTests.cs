using System.Globalization;
using PresenceHub.GraphEmulator;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>The published output is started as the image starts it.</summary>
[Trait("Category", "Long")]
[Collection(nameof(PublishedServer))]
public sealed class PublishedOutputTests(PublishedServer published) : IAsyncLifetime
{
    /// <summary>28 MiB are published. All of Microsoft.Graph would add 40 MiB, and the emulator with the embedded
    /// store 70 MB.</summary>
    private const long MaxBytes = 45 * 1024 * 1024;

    private EmulatedTenant _tenant = null!;

    public async Task InitializeAsync() =>
        _tenant = await EmulatedTenant.StartAsync(new GraphEmulatorOptions { ChangePeriod = TimeSpan.Zero });

    public async Task DisposeAsync() => await _tenant.DisposeAsync();

    [Fact]
    public async Task Publish_AsInTheDockerfile_StartsServesThePageAndAnswersTheHealthCheck()
    {
        AssertHasNoSimulation();
        await AssertStartsAsync(published.Assembly);
        await AssertRefusesToSimulateAsync(published.Assembly);
    }

    [Fact]
    public async Task Server_BuiltWithoutNode_SaysSoOnThePageAndWorks()
    {
        var folder = Directory.CreateTempSubdirectory("presencehub-no-node").FullName;
        try
        {
            Copy(Path.GetDirectoryName(HubServer.Assembly)!, folder);
            await using var server = await HubServer.StartAsync(
                assembly: Path.Combine(folder, "PresenceHub.Server.dll")
            );

            Assert.Contains("Node.js 20", await server.Http.GetStringAsync("/"), StringComparison.Ordinal);
            Assert.Equal(250, (await server.PeopleAsync()).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void AssertHasNoSimulation()
    {
        var files = published.Files;
        var dependencies = File.ReadAllText(Path.Combine(published.Folder, "PresenceHub.Server.deps.json"));

        Assert.Contains("StackExchange.Redis", dependencies, StringComparison.Ordinal);
        foreach (var name in (string[])["Garnet", "Tsavorite", "GraphEmulator", "KeraLua", "Azure.Storage"])
        {
            Assert.DoesNotContain(files, file => file.Name.Contains(name, StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(name, dependencies, StringComparison.OrdinalIgnoreCase);
        }

        Assert.False(Directory.Exists(Path.Combine(published.Folder, "simulation")));
        Assert.InRange(files.Sum(file => file.Length), 0, MaxBytes);
    }

    private async Task AssertStartsAsync(string assembly)
    {
        await using var server = await HubServer.StartAsync(
            new Dictionary<string, string>(_tenant.Settings)
            {
                ["Graph__Mode"] = "Emulator",
                ["Graph__Accounts__0__UserId"] = _tenant.Graph.ServiceAccountId,
            },
            assembly: assembly
        );

        Assert.Contains("<!doctype html>", await server.Http.GetStringAsync("/"), StringComparison.OrdinalIgnoreCase);
        using (var page = await server.Http.GetAsync("/"))
        {
            Assert.Contains(
                "default-src 'self'",
                page.Headers.GetValues("Content-Security-Policy").Single(),
                StringComparison.Ordinal
            );
        }

        foreach (
            var path in (string[])["/client/presencehub.js", "/client/presencehub-worker.js", "/embed/", "/playground/"]
        )
        {
            using var file = await server.Http.GetAsync(new Uri(path, UriKind.Relative));
            Assert.True(file.IsSuccessStatusCode, $"{path}: {file.StatusCode}");
        }

        await using (var client = await WatchingClient.ConnectAsync(server))
        {
            var id = (await server.PeopleAsync())[0];
            await client.Client.WatchAsync([id]);
            await client.LiveAsync(id);
        }

        var ownPort = server.Address.Port.ToString(CultureInfo.InvariantCulture);
        var otherPort = FreePorts.Take().ToString(CultureInfo.InvariantCulture);
        Assert.Equal(0, await HealthCheck.RunAsync("ASPNETCORE_HTTP_PORTS", ownPort, assembly));
        Assert.Equal(1, await HealthCheck.RunAsync("ASPNETCORE_HTTP_PORTS", otherPort, assembly));
        Assert.Equal(0, await server.StopAsync());
    }

    private static async Task AssertRefusesToSimulateAsync(string assembly)
    {
        var (exitCode, output) = await HubServer.RunToEndAsync(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            },
            assembly
        );

        Assert.Equal(78, exitCode);
        Assert.Contains(
            "Redis:ConnectionString is not set, and a published server contains no embedded store",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Graph:Mode is Emulator, but a published server contains no emulator",
            output,
            StringComparison.Ordinal
        );
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var relative = Path.GetRelativePath(from, file);
            if (!relative.StartsWith("wwwroot", StringComparison.Ordinal))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(to, relative))!);
                File.Copy(file, Path.Combine(to, relative));
            }
        }
    }
}
