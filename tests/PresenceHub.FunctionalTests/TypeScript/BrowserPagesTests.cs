using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.TypeScript;

/// <summary>
/// The pages and elements in a headless Chromium against a real server. The runs take turns: two of them beside each
/// other keep both cores of a small machine busy for so long that what they wait for comes too late.
/// </summary>
public sealed class BrowserPagesTests
{
    [Theory]
    [MemberData(nameof(Runs))]
    public async Task FunctionalTests_OfPages_Pass(string run)
    {
        await using var server = await HubServer.StartAsync();

        // The console leads to the page that a newcomer opens first.
        await server.OutputLineAsync($"{server.Address}playground/");
        await TypeScriptPackage.RunAsync(
            server,
            server.Emulator,
            new Dictionary<string, string>(),
            TypeScriptFiles.Pages[run]
        );
    }

    public static TheoryData<string> Runs => [.. TypeScriptFiles.Pages.Keys];
}
