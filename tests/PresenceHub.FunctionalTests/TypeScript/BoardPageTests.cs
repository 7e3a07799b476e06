using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.TypeScript;

/// <summary>The board in a headless Chromium, against a real server.</summary>
[Collection(nameof(Browser))]
public sealed class BoardPageTests
{
    [Fact]
    public async Task FunctionalTests_OfTheNpmPackage_Pass()
    {
        await using var server = await HubServer.StartAsync();

        await TypeScriptPackage.RunAsync(
            server,
            server.Emulator,
            new Dictionary<string, string>(),
            TypeScriptFiles.Board
        );
    }
}
