using System.Diagnostics;
using PresenceHub.Benchmarks.Report;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>
/// Runs cases of the comparison one after the other; each one's result is kept although another fails.
/// </summary>
internal sealed class Comparison(RunSettings settings, ResultFiles files)
{
    /// <summary>In the order in which they run: what steers an optimisation first.</summary>
    public static IReadOnlyList<IBenchmarkCase> All { get; } =
    [
        new WaveCase(),
        new BurstCase(),
        new PacedCase(1000),
        new IdleCase(),
        new PacedCase(5000),
        new StuckCase(),
        new ReconnectCase(),
        new SaturatedCase(),
        new ApplyCase(),
        new GrowthCase(),
        new NotificationsCase(),
    ];

    /// <summary>Returns whether all the cases have a result.</summary>
    public async Task<bool> RunAsync(IEnumerable<IBenchmarkCase> cases)
    {
        var failed = new List<string>();
        foreach (var benchmark in cases)
        {
            try
            {
                await RunAsync(benchmark);
            }
            catch (Exception exception)
            {
                // A case may fail in any way, with any server: the others still have something to say.
                failed.Add(benchmark.Name);
                await Console.Error.WriteLineAsync($"{benchmark.Name} failed: {exception}");
            }
        }

        if (failed.Count > 0)
        {
            await Console.Error.WriteLineAsync($"Without a result: {string.Join(", ", failed)}");
        }

        return failed.Count is 0;
    }

    private async Task RunAsync(IBenchmarkCase benchmark)
    {
        var startedAt = TimeProvider.System.GetUtcNow();
        var started = Stopwatch.GetTimestamp();
        var result = await benchmark.RunAsync(settings);
        result.StartedAt = startedAt;
        result.Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        result.IsQuick = settings.IsQuick;
        await files.WriteAsync(result);
        ConsoleReport.Print(result);
    }
}
