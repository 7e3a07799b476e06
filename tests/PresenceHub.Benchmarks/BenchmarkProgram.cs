using System.Globalization;
using PresenceHub.Benchmarks.Cases;
using PresenceHub.Benchmarks.Peers;
using PresenceHub.Benchmarks.Report;
using PresenceHub.Benchmarks.Systems;
using PresenceHub.Testing;

namespace PresenceHub.Benchmarks;

/// <summary>
/// Figures of the running product, alone and beside its peers. <c>bench.sh</c> starts it; Release, on a quiet machine.
/// </summary>
internal static class BenchmarkProgram
{
    private const string Usage = """
        usage: PresenceHub.Benchmarks <command>
          compare [quick | case …] [--server path] [--against path] [--repeats n] [--results directory]
          report directory
          push | start | webhook | flood | greedy [path] | notification | plan | scale [minutes] [seed]
        """;

    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["--help" or "-h"]:
                Console.WriteLine(Usage);
                return 0;
            case ["peer", var kind, .. var rest]:
                await PeerProgram.RunAsync(kind, rest);
                return 0;
            case [StoreWriterProgram.Mode, var serverAssembly, var redis]:
                await StoreWriterProgram.RunAsync(serverAssembly, redis);
                return 0;
            case [StoreLoadProgram.Mode, var serverAssembly, var redis]:
                await StoreLoadProgram.RunAsync(serverAssembly, redis);
                return 0;
            case ["compare", .. var rest]:
                return await CompareAsync(rest);
            case ["report", var results]:
                return await ReportAsync(new ResultFiles(results));
            case ["push"]:
                await PushLatency.RunAsync();
                return 0;
            case ["start"]:
                await ColdStart.RunAsync();
                return 0;
            case ["webhook"]:
                await WebhookAnswers.RunAsync();
                return 0;
            case ["flood"]:
                await FloodAnswers.RunAsync();
                return 0;
            case ["greedy", .. var server]:
                await GreedyUser.RunAsync(server.FirstOrDefault());
                return 0;
            case ["notification"]:
                NotificationCost.Run();
                return 0;
            case ["plan"]:
                PlanCost.Run();
                return 0;
            case ["scale", ..]:
                await GraphAtScale.RunAsync(Number(args, 1, 10), (int)Number(args, 2, 1));
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static async Task<int> CompareAsync(string[] args)
    {
        if (!CompareArguments.TryParse(args, out var arguments, out var problem))
        {
            Console.Error.WriteLine(problem);
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var files = new ResultFiles(arguments.Results);
        return await new Comparison(arguments.Settings, files).RunAsync(arguments.Cases) ? 0 : 1;
    }

    private static async Task<int> ReportAsync(ResultFiles files)
    {
        var results = await files.ReadAsync();
        if (results.Count is 0)
        {
            Console.Error.WriteLine($"There are no results in {files.Directory}");
            return 1;
        }

        var inOrder = Comparison
            .All.Where(benchmark => results.ContainsKey(benchmark.Name))
            .Select(benchmark => results[benchmark.Name]);
        await MarkdownReport.WriteAsync(Path.Combine(Repository.Root, "docs", "benchmarks.md"), [.. inOrder]);
        return 0;
    }

    private static double Number(string[] args, int index, double otherwise) =>
        args.Length > index ? double.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
}
