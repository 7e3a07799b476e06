using System.Diagnostics;
using System.Globalization;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>No Docker engine is at hand: the publish command of the Dockerfile is run here, and what it makes is
/// started as the image would.</summary>
public sealed class PublishedOutputTests : IAsyncLifetime
{
    private readonly string _output = Directory.CreateTempSubdirectory("presencehub-publish").FullName;
    private readonly RedisServer _redis = new();

    public Task InitializeAsync() => _redis.StartAsync();

    public async Task DisposeAsync()
    {
        await _redis.DisposeAsync();
        Directory.Delete(_output, recursive: true);
    }

    [Fact]
    public async Task Publish_AsInTheDockerfile_StartsServesThePageAndAnswersTheHealthCheck()
    {
        await RunAsync(
            "dotnet",
            [
                "publish",
                "src/PresenceHub.Server",
                "--configuration",
                "Release",
                "--output",
                _output,
                "--nologo",
                "--verbosity",
                "quiet",
            ]
        );
        var assembly = Path.Combine(_output, "PresenceHub.Server.dll");
        var port = RedisServer.FreePort().ToString(CultureInfo.InvariantCulture);
        await using var server = await HubServer.StartAsync(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Redis__ConnectionString"] = _redis.ConnectionString,
                ["Graph__Mode"] = "Emulator",
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

        await using (var client = await WatchingClient.ConnectAsync(server))
        {
            var id = (await server.PeopleAsync())[0];
            await client.Client.WatchAsync([id]);
            await client.LiveAsync(id);
        }

        var ownPort = server.Address.Port.ToString(CultureInfo.InvariantCulture);
        Assert.Equal(0, await HealthCheck.RunAsync("ASPNETCORE_HTTP_PORTS", ownPort, assembly));
        Assert.Equal(1, await HealthCheck.RunAsync("ASPNETCORE_HTTP_PORTS", port, assembly));
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task Server_BuiltWithoutNode_SaysSoOnThePageAndWorks()
    {
        Copy(Path.GetDirectoryName(HubServer.Assembly)!, _output);
        await using var server = await HubServer.StartAsync(assembly: Path.Combine(_output, "PresenceHub.Server.dll"));

        Assert.Contains("Node.js 20", await server.Http.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.Equal(250, (await server.PeopleAsync()).Length);
    }

    private static async Task RunAsync(string command, string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command, arguments)
            {
                WorkingDirectory = Repository.Root,
                RedirectStandardOutput = true,
            }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode is 0, output);
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
