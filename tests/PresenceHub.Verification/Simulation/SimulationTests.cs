using System.Globalization;
using Xunit.Abstractions;

namespace PresenceHub.Verification.Simulation;

/// <summary>Set PRESENCEHUB_SIMULATION_SEED to run one seed again, and PRESENCEHUB_SIMULATION_SEEDS to run another
/// number of them.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int Steps = 250;

    /// <summary>The seeds of the gate. Each flaw is found in the first half of them.</summary>
    private const int GateSeeds = 250;
    private const int FlawSeeds = GateSeeds / 2;
    private const int ManySeeds = 10_000;
    private const int TraceLength = 400;

    [Fact]
    public void Run_SeedsOfTheGate_KeepsAllPromises() => RunSeeds(GateSeeds);

    [Fact, Trait("Category", "Long")]
    public void Run_ManySeeds_KeepsAllPromises() => RunSeeds(Setting("PRESENCEHUB_SIMULATION_SEEDS") ?? ManySeeds);

    [Fact]
    public void Run_SameSeedTwice_HasTheSameTrace()
    {
        foreach (var seed in Enumerable.Range(1, 20))
        {
            List<string> first = [],
                second = [];
            Run(seed, Flaw.None, first);
            Run(seed, Flaw.None, second);

            Assert.True(first.Count > Steps / 5);
            Assert.Equal(first, second);
        }
    }

    [Theory]
    [InlineData(Flaw.NoMerge)]
    [InlineData(Flaw.NoEpoch)]
    [InlineData(Flaw.NoReadThrough)]
    [InlineData(Flaw.NoPositionCheck)]
    [InlineData(Flaw.CursorBeforeFlush)]
    [InlineData(Flaw.NoConfirmation)]
    [InlineData(Flaw.NothingOnResume)]
    [InlineData(Flaw.TimeNeverFalls)]
    public void Run_WithAFlaw_FindsIt(Flaw flaw)
    {
        var found = Enumerable
            .Range(1, FlawSeeds)
            .Select(seed => (seed, Violation: Run(seed, flaw, trace: null)))
            .FirstOrDefault(run => run.Violation is not null);

        Assert.NotNull(found.Violation);
        output.WriteLine($"Seed {found.seed}: {found.Violation}");
    }

    private void RunSeeds(int count)
    {
        var first = 1;
        if (Setting("PRESENCEHUB_SIMULATION_SEED") is { } seed)
        {
            (first, count) = (seed, 1);
        }

        for (var i = first; i < first + count; i++)
        {
            if (Run(i, Flaw.None, trace: null) is { } violation)
            {
                var trace = new List<string>();
                var again = Run(i, Flaw.None, trace);
                Assert.Fail(
                    $"Seed {i}: {violation}\n{string.Join('\n', trace.TakeLast(TraceLength))}\n{(again == violation ? "Again" : "But now")}: {again}"
                );
            }
        }

        output.WriteLine($"{count} seeds of {Steps} steps");
    }

    private static string? Run(int seed, Flaw flaw, List<string>? trace)
    {
        using var simulation = new Simulation(seed, flaw, trace);
        return simulation.Run(Steps);
    }

    private static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value)
            ? value
            : null;
}
