using PresenceHub.GraphEmulator;
using PresenceHub.Server.Hosting;
using PresenceHub.Testing;

namespace PresenceHub.Server.Tests.Hosting;

public sealed class SettingsReferenceTests
{
    /// <summary><c>scripts/settings-reference.sh</c> sets it.</summary>
    private const string UpdateVariable = "PRESENCEHUB_UPDATE_SETTINGS_REFERENCE";

    private static readonly string Page = Path.Combine(Repository.Root, "docs", "settings.md");

    [Fact]
    public async Task Page_OfSettings_IsUpToDate()
    {
        var current = SettingsReference.Write(typeof(SettingsCheck).Assembly, typeof(GraphEmulatorOptions).Assembly);
        if (Environment.GetEnvironmentVariable(UpdateVariable) is { Length: > 0 })
        {
            await File.WriteAllTextAsync(Page, current);
        }

        Assert.True(
            await File.ReadAllTextAsync(Page) == current,
            "docs/settings.md is out of date: run scripts/settings-reference.sh"
        );
    }

    [Fact]
    public async Task Page_OfSettings_ExplainsEachOne()
    {
        var unexplained = (await File.ReadAllLinesAsync(Page)).Where(line =>
            line.EndsWith("|  |", StringComparison.Ordinal)
        );

        Assert.Empty(unexplained);
    }
}
