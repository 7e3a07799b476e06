using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PresenceHub.Benchmarks.Report;
using PresenceHub.Benchmarks.Systems;
using PresenceHub.Testing;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>How many changes a second the store takes.</summary>
internal sealed class ApplyCase : IBenchmarkCase
{
    private const string PagesPerSecond = "applies per second, pages of 650";
    private const string SinglesPerSecond = "applies per second, pages of 1";

    public string Name => "apply";

    public bool IsQuick => false;

    public async Task<CaseResult> RunAsync(RunSettings settings)
    {
        List<(string Name, string Assembly)> hubs = [(Contestant.Hub, settings.Server)];
        if (settings.Against is { } against)
        {
            hubs.Add((Contestant.Against, against));
        }

        var samples = new Samples();
        foreach (var (name, assembly) in Contestant.Interleave(hubs, settings.Repeats))
        {
            foreach (var figures in await RunOnceAsync(assembly))
            {
                var (metric, node) =
                    figures.PageSize is StoreLoadFigures.Page
                        ? (PagesPerSecond, "node CPU per apply, pages of 650")
                        : (SinglesPerSecond, "node CPU per apply, pages of 1");
                samples.Add(name, metric, "", figures.PerSecond);
                samples.Add(name, node, "µs", figures.NodeMicroseconds);
            }
        }

        var result = new CaseResult(
            Name,
            "changes that the store applies",
            """
            The store alone in a process on core 0, Redis without persistence on core 1. Every observation is a
            change, which is written and announced: pages of 650 (four at once), and single ones (64 at once), 2 s
            each after as much warm-up.
            """
        );
        samples.AddTo(result);
        result.AddLimit(Contestant.Hub, PagesPerSecond, "store applies, pages of 650", 40_000, "/s", isUpper: false);
        result.AddLimit(Contestant.Hub, SinglesPerSecond, "store applies, pages of 1", 10_000, "/s", isUpper: false);
        return result;
    }

    private static async Task<IReadOnlyList<StoreLoadFigures>> RunOnceAsync(string serverAssembly)
    {
        var redis = new RedisServer("--appendonly", "no");
        await redis.StartAsync();
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(
                    "taskset",
                    [
                        "-c",
                        Cores.Server.ToString(CultureInfo.InvariantCulture),
                        "dotnet",
                        typeof(StoreLoadProgram).Assembly.Location,
                        StoreLoadProgram.Mode,
                        serverAssembly,
                        redis.ConnectionString,
                    ]
                )
                {
                    RedirectStandardOutput = true,
                }
            )!;
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return process.ExitCode is 0
                ? [.. lines.Select(line => JsonSerializer.Deserialize<StoreLoadFigures>(line)!)]
                : throw new InvalidOperationException($"The load of the store ended with {process.ExitCode}");
        }
        finally
        {
            await redis.DisposeAsync();
        }
    }
}
