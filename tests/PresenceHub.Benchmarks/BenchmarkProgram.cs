namespace PresenceHub.Benchmarks;

/// <summary>Figures of the running product. Build in Release, and leave the machine alone meanwhile.</summary>
internal static class BenchmarkProgram
{
    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["push"]:
                await PushLatency.RunAsync();
                return 0;
            case ["start"]:
                await ColdStart.RunAsync();
                return 0;
            case ["webhook"]:
                await WebhookAnswers.RunAsync();
                return 0;
            case ["apply"]:
                await StoreApplies.RunAsync();
                return 0;
            case ["plan"]:
                PlanCost.Run();
                return 0;
            case ["scale", ..]:
                await GraphAtScale.RunAsync(Number(args, 1, 10), (int)Number(args, 2, 1));
                return 0;
            default:
                Console.Error.WriteLine("usage: dotnet run -c Release --project tests/PresenceHub.Benchmarks -- push | start | webhook | apply | plan | scale [minutes] [seed]");
                return 2;
        }
    }

    private static double Number(string[] args, int index, double otherwise) =>
        args.Length > index ? double.Parse(args[index], System.Globalization.CultureInfo.InvariantCulture) : otherwise;
}
