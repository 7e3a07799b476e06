namespace PresenceHub.FunctionalTests.Faults;

/// <summary>A Graph that takes requests and never answers. Apart from the other faults: each run waits for a request to
/// be given up.</summary>
public sealed class HangingGraphTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Read_Hangs_ViewIsCorrectInTime(int seed)
    {
        await using var graph = await FaultyGraph.StartAsync(ownProcess: false, ("Notifications__Enabled", "false"));
        await graph.RunAsync(
            seed,
            new()
            {
                ["requests"] = new[]
                {
                    new
                    {
                        operation = "getPresencesByUserId",
                        hang = true,
                        times = 1,
                    },
                },
            },
            "getPresencesByUserId",
            1
        );
    }
}
