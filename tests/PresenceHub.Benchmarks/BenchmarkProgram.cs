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
            default:
                Console.Error.WriteLine("usage: dotnet run -c Release --project tests/PresenceHub.Benchmarks -- push | start");
                return 2;
        }
    }
}
