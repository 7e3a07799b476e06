using System.Globalization;
using PresenceHub.Verification.Soak;
using Xunit.Abstractions;

namespace PresenceHub.Verification.Schedules;

/// <summary>
/// A whole hub under every kind of fault, with overlaps that the seed decides. PRESENCEHUB_SEED sets another
/// seed than the gate's.
/// </summary>
[Collection(nameof(AloneOnTheMachine))]
[Trait("Category", "Long")]
public sealed class ScheduleTests(ITestOutputHelper output)
{
    private const int ViolationsShown = 20;

    /// <summary>The gate deals the same faults every time; other seeds are for the soak.</summary>
    private const int Seed = 13;

    private readonly int _seed = Environment.GetEnvironmentVariable("PRESENCEHUB_SEED") is { Length: > 0 } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : Seed;

    [Fact]
    public async Task StandAloneRedis_EveryKindOfFault_NothingIsViolated() =>
        AssertGood(await Schedule.RunStandAloneAsync(_seed, output.WriteLine));

    [Fact]
    public async Task Sentinel_FailoversThatLoseWrites_NothingIsViolated() =>
        AssertGood(await Schedule.RunSentinelAsync(_seed, output.WriteLine));

    [Fact]
    public async Task Cluster_MastersThatFail_NothingIsViolated() =>
        AssertGood(await Schedule.RunClusterAsync(_seed, output.WriteLine));

    private void AssertGood(ScheduleResult result)
    {
        Assert.True(
            result.Checker.Count is 0,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Checker.Count} violations with PRESENCEHUB_SEED={_seed}:\n{string.Join('\n', result.Checker.Violations.Take(ViolationsShown))}"
            )
        );
        Assert.Empty(result.Missing);
    }
}
