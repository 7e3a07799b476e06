using PresenceHub.FunctionalTests.Hubs;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.TypeScript;

/// <summary>The TypeScript client on Node, and the board in a headless Chromium, against a real server.</summary>
public sealed class TypeScriptClientTests
{
    [Fact]
    public async Task FunctionalTests_OfTheNpmPackage_Pass()
    {
        await using var server = await HubServer.StartAsync();

        // The console leads to the page that a newcomer opens first.
        await server.OutputLineAsync($"{server.Address}playground/");
        await TypeScriptPackage.RunAsync(server, server.Emulator, new Dictionary<string, string>());
    }

    [Fact]
    public async Task FunctionalTests_WithOtherLimitsAndAPolicyThatChanges_Pass()
    {
        using var policy = new PolicyFile();
        await using var server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string>(policy.Settings)
            {
                ["WatchLists__MaxIdsPerCall"] = "2000",
                ["WatchLists__MaxSubjectsPerConnection"] = "2000",
                ["WatchLists__MaxConnectionsPerWatcher"] = "1",
            }
        );

        await TypeScriptPackage.RunAsync(
            server,
            server.Emulator,
            new Dictionary<string, string>
            {
                ["PRESENCEHUB_POLICY_PATH"] = policy.Path,
                ["PRESENCEHUB_SUBJECTS_PER_CONNECTION"] = "2000",
                ["PRESENCEHUB_MAX_CONNECTIONS"] = "1",
            },
            "/revocation",
            "/limits",
            // With the slash: without it the board's refusals would run again.
            "/refusals"
        );
    }
}
