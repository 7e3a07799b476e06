using System.Globalization;
using System.Security.Cryptography;
using PresenceHub.Verification.Invariants;
using PresenceHub.Verification.Soak;

namespace PresenceHub.Verification;

/// <summary>Random faults on a whole hub for as long as asked. It ends with a table, and with 1 when an invariant was
/// violated.</summary>
internal static class SoakProgram
{
    private const string Usage = "usage: soak [minutes] [seed]";
    private const int Clients = 200;
    private const double MostFrozenSeconds = 8;
    private const int ViolationsShown = 20;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(10);

    /// <summary>The stores, each for its share of the time.</summary>
    private static readonly (string Name, Func<SoakStore> New, double Share)[] Stores =
    [
        ("one Redis", () => new StandAloneStore(MostFrozenSeconds), 0.6),
        ("Redis with Sentinel", () => new SentinelStore(), 0.25),
        ("Redis Cluster", () => new ClusterStore(MostFrozenSeconds), 0.15),
    ];

    public static async Task<int> Main(string[] args)
    {
        if (args is ["--help" or "-h"])
        {
            Console.WriteLine(Usage);
            return 0;
        }

        if (!TryRead(args, out var length, out var seed))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"Soak of {length.TotalMinutes:0.#} minutes, seed {seed}")
        );
        var violations = 0;
        foreach (var (name, newStore, share) in Stores)
        {
            Console.WriteLine($"\n== {name}");
            violations += await RunAsync(newStore(), length * share, seed);
        }

        Console.WriteLine(violations is 0 ? "\nNo violations" : $"\n{violations} violations; seed {seed}");
        return violations is 0 ? 0 : 1;
    }

    private static async Task<int> RunAsync(SoakStore store, TimeSpan length, int seed)
    {
        var began = TimeProvider.System.GetTimestamp();
        var report = new SoakReport();
        var checker = InvariantChecker.Of(SoakSettings.StaleAfter, SoakSettings.PollingPeriod);
        await using (
            var run = await SoakRun.StartAsync(
                store,
                new SoakSettings(Clients, ClockSkew),
                seed,
                report,
                checker,
                Console.WriteLine
            )
        )
        {
            var random = new Random(seed);
            await run.StopReadsAsync();
            while (TimeProvider.System.GetElapsedTime(began) < length)
            {
                await run.RunRoundAsync(FaultDeck.Draw(run.Faults, random));
            }
        }

        Console.WriteLine($"\n{report.ToTable()}");
        foreach (var violation in checker.Violations.Take(ViolationsShown))
        {
            Console.WriteLine(violation);
        }

        return checker.Count;
    }

    private static bool TryRead(string[] args, out TimeSpan length, out int seed)
    {
        var minutes = 10.0;
        seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        var isUnderstood =
            args.Length <= 2
            && (
                args.Length < 1
                || double.TryParse(args[0], NumberStyles.Float, CultureInfo.InvariantCulture, out minutes)
            )
            && (args.Length < 2 || int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out seed));
        length = TimeSpan.FromMinutes(minutes);
        return isUnderstood && minutes > 0;
    }
}
