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

        await TypeScriptPackage.RunAsync(server, server.Emulator, new Dictionary<string, string>());
    }

    [Fact]
    public async Task FunctionalTests_WithAPolicyThatChanges_Pass()
    {
        using var policy = new PolicyFile();
        await using var server = await HubServer.StartAsync(policy.Settings);

        await TypeScriptPackage.RunAsync(
            server,
            server.Emulator,
            new Dictionary<string, string> { ["PRESENCEHUB_POLICY_PATH"] = policy.Path },
            "revocation"
        );
    }

    [Fact]
    public async Task FunctionalTests_WithARaisedLimitOfIdsPerCall_Pass()
    {
        await using var server = await HubServer.StartAsync(
            new Dictionary<string, string>
            {
                ["WatchLists__MaxIdsPerCall"] = "2000",
                ["WatchLists__MaxSubjectsPerConnection"] = "2000",
            }
        );

        await TypeScriptPackage.RunAsync(
            server,
            server.Emulator,
            new Dictionary<string, string> { ["PRESENCEHUB_SUBJECTS_PER_CONNECTION"] = "2000" },
            "limits"
        );
    }

    [Fact]
    public async Task FunctionalTests_WithOneConnectionPerUser_Pass()
    {
        await using var server = await HubServer.StartAsync(
            new Dictionary<string, string> { ["WatchLists__MaxConnectionsPerWatcher"] = "1" }
        );

        await TypeScriptPackage.RunAsync(
            server,
            server.Emulator,
            new Dictionary<string, string> { ["PRESENCEHUB_MAX_CONNECTIONS"] = "1" },
            "refusals"
        );
    }
}
