using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.TypeScript;

/// <summary>The elements in a headless Chromium while their hub is killed, against a real server.</summary>
[Collection(nameof(Browser))]
public sealed class ElementsOutageTests
{
    [Fact]
    public async Task FunctionalTests_OfTheNpmPackage_Pass()
    {
        await using var server = await HubServer.StartAsync();

        await TypeScriptPackage.RunAsync(
            server,
            server.Emulator,
            new Dictionary<string, string>(),
            TypeScriptFiles.Outage
        );
    }
}
