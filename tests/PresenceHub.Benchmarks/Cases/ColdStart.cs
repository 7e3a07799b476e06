using System.Diagnostics;
using System.Globalization;
using PresenceHub.Testing;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>From starting the process to the first presence of a person on a client's screen, and the memory of the
/// idle server.</summary>
internal static class ColdStart
{
    private const int Runs = 5;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(20);

    public static async Task RunAsync()
    {
        var toReady = new List<double>();
        var toPush = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var server = await HubServer.StartAsync();
            toReady.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            await using var client = await WatchingClient.ConnectAsync(server);
            var id = (await server.PeopleAsync())[0];
            await client.Client.WatchAsync([id]);
            await client.LiveAsync(id);
            toPush.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"ready after {toReady.Order().ElementAt(Runs / 2):0.00} s (median of {Runs}), first pushed presence after {toPush.Order().ElementAt(Runs / 2):0.00} s"
            )
        );

        await using var idle = await HubServer.StartAsync(
            new Dictionary<string, string> { ["Emulator__ChangePeriod"] = "00:00:01" }
        );

        // The time itself is the condition: memory at rest is what is left after it.
        await Task.Delay(Rest, TimeProvider.System);
        using var process = Process.GetProcessById(idle.ProcessId);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"at rest {process.WorkingSet64 / 1024 / 1024} MB resident, embedded store and emulator included"
            )
        );
    }
}
