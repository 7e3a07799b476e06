using Microsoft.Extensions.Options;
using PresenceHub.GraphEmulator.Hosting;

namespace PresenceHub.GraphEmulator.Tests.Hosting;

public sealed class StandAloneTests
{
    [Fact]
    public void Refusal_InProduction_NamesTheWayOut()
    {
        var refusal = StandAlone.Refusal(StandAlone.ReadOptions([]), "Production");

        Assert.Contains("--allow-outside-development", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal!);
    }

    [Fact]
    public void Refusal_InProductionWhenAllowedOrElsewhere_IsNone()
    {
        Assert.Null(StandAlone.Refusal(StandAlone.ReadOptions(["--allow-outside-development"]), "Production"));
        Assert.Null(StandAlone.Refusal(StandAlone.ReadOptions([]), "Development"));
    }

    [Fact]
    public void ReadOptions_ShortAndLongNames_AreBound()
    {
        var options = StandAlone.ReadOptions([
            "--port",
            "5443",
            "--change-period",
            "00:00:05",
            "--Emulator:Switches:PresenceCasing",
            "Camel",
        ]);

        Assert.Equal(
            (5443, TimeSpan.FromSeconds(5), PresenceCasing.Camel),
            (options.Port, options.ChangePeriod, options.Switches.PresenceCasing)
        );
    }

    [Fact]
    public void Help_NamesEveryShortcut()
    {
        Assert.All(StandAlone.Shortcuts.Keys, name => Assert.Contains(name, StandAlone.Help, StringComparison.Ordinal));
    }

    [Fact]
    public async Task StartAsync_OptionOutOfRange_Refuses()
    {
        var options = new GraphEmulatorOptions { People = 0 };

        await Assert.ThrowsAsync<OptionsValidationException>(() =>
            GraphEmulatorServer.StartAsync(options, TimeProvider.System, null, CancellationToken.None)
        );
    }
}
