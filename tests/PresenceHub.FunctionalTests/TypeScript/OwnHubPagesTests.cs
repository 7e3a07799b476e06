using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.TypeScript;

/// <summary>Pages in a headless Chromium whose files start, kill and disturb a hub of their own.</summary>
[Collection(nameof(Browser))]
public sealed class OwnHubPagesTests
{
    [Fact]
    public async Task FunctionalTests_OfTheNpmPackage_Pass()
    {
        await using var server = await HubServer.StartAsync();

        // The console leads to the page that a newcomer opens first.
        await server.OutputLineAsync($"{server.Address}playground/");
        await TypeScriptPackage.RunAsync(
            server,
            server.Emulator,
            new Dictionary<string, string>(),
            TypeScriptFiles.WithOwnHub
        );
    }
}
