using System.Diagnostics;
using PresenceHub.FunctionalTests.Hubs;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.TypeScript;

/// <summary>The TypeScript client on Node, and the board in a headless Chromium, against a real server.</summary>
public sealed class TypeScriptClientTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task FunctionalTests_OfTheNpmPackage_Pass()
    {
        await using var server = await HubServer.StartAsync();

        await RunAsync(server);
    }

    [Fact]
    public async Task FunctionalTests_WithAPolicyThatChanges_Pass()
    {
        using var policy = new PolicyFile();
        await using var server = await HubServer.StartAsync(policy.Settings);

        await RunAsync(server, new() { ["PRESENCEHUB_POLICY_PATH"] = policy.Path }, "revocation");
    }

    [Fact]
    public async Task FunctionalTests_WithARaisedLimitOfIdsPerCall_Pass()
    {
        await using var server = await HubServer.StartAsync(new Dictionary<string, string>
        {
            ["WatchLists__MaxIdsPerCall"] = "2000",
            ["WatchLists__MaxSubjectsPerConnection"] = "2000",
        });

        await RunAsync(server, new() { ["PRESENCEHUB_SUBJECTS_PER_CONNECTION"] = "2000" }, "limits");
    }

    private static async Task RunAsync(
        HubServer server, Dictionary<string, string>? settings = null, params string[] files)
    {
        var root = Path.GetTempFileName();
        await File.WriteAllTextAsync(root, await server.Emulator.RootCertificateAsync());
        var start = new ProcessStartInfo("npm", ["run", "--silent", "test:functional", "--", .. files])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "clients", "typescript"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PRESENCEHUB_URL"] = server.Address.ToString().TrimEnd('/');
        start.Environment["EMULATOR_URL"] = server.Emulator.Address.ToString().TrimEnd('/');
        start.Environment["EMULATOR_ROOT_PEM"] = root;

        foreach (var (name, value) in settings ?? [])
        {
            start.Environment[name] = value;
        }

        using var npm = Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Timeout);
        var output = npm.StandardOutput.ReadToEndAsync(timeout.Token);
        var errors = npm.StandardError.ReadToEndAsync(timeout.Token);
        await npm.WaitForExitAsync(timeout.Token);
        File.Delete(root);

        Assert.True(npm.ExitCode is 0, await output + await errors);
    }
}
