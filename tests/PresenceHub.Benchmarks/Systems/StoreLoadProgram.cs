using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Benchmarks.Systems;

/// <summary>
/// A process that applies as many changes as it can, in pages and one by one, and writes one line of figures for each.
/// Every observation is a change, which is written and announced.
/// </summary>
internal static class StoreLoadProgram
{
    public const string Mode = "load-store";

    private const int People = 20_000;
    private const int PagesAtOnce = 4;
    private const int SinglesAtOnce = 64;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    /// <summary>Runs <see cref="LoadAsync"/> on the server assembly that is named.</summary>
    public static Task RunAsync(string serverAssembly, string redis) =>
        ServerLoadContext.RunAsync(serverAssembly, typeof(StoreLoadProgram), nameof(LoadAsync), redis);

    public static async Task LoadAsync(string redis)
    {
        await using var provider = StoreServices.Create(redis, StoreWriterProgram.StaleAfter);
        var store = provider.GetRequiredService<PresenceStore>();
        var clock = provider.GetRequiredService<StoreClock>();
        await store.ReadAsync(0, [], CancellationToken.None);
        var changes = new ChangeSource(clock);
        await MeasureAsync(store, changes, StoreLoadFigures.Page, PagesAtOnce);
        await MeasureAsync(store, changes, 1, SinglesAtOnce);
        foreach (var (page, atOnce) in new[] { (StoreLoadFigures.Page, PagesAtOnce), (1, SinglesAtOnce) })
        {
            Console.WriteLine(JsonSerializer.Serialize(await MeasureAsync(store, changes, page, atOnce)));
        }
    }

    private static async Task<StoreLoadFigures> MeasureAsync(
        PresenceStore store,
        ChangeSource changes,
        int page,
        int atOnce
    )
    {
        var (started, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var counts = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => ApplyAsync()));
        var applied = counts.Sum();
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var used = Environment.CpuUsage.TotalTime - cpu;
        return new StoreLoadFigures(page, applied / elapsed, used.TotalMicroseconds / applied);

        async Task<long> ApplyAsync()
        {
            var applied = 0L;
            while (Stopwatch.GetElapsedTime(started) < Duration)
            {
                var outcomes = await store.ApplyAsync(changes.Take(page), CancellationToken.None);
                applied += outcomes.Count(outcome => outcome is ApplyOutcome.Applied);
            }

            return applied;
        }
    }

    private sealed class ChangeSource(StoreClock clock)
    {
        private readonly SubjectId[] _people =
        [
            .. Enumerable.Range(0, People).Select(_ => new SubjectId(Guid.NewGuid())),
        ];
        private int _taken;

        public Observation[] Take(int count)
        {
            var first = Interlocked.Add(ref _taken, count) - count;
            var now = clock.Now;
            return [.. Enumerable.Range(first, count).Select(change => Change(change, now))];
        }

        // A presence that the subject has not had before.
        private Observation Change(int number, long now) =>
            new(
                _people[number % People],
                "Busy",
                string.Create(CultureInfo.InvariantCulture, $"State{number / People:00000}"),
                null,
                now,
                ObservationSource.Poll
            );
    }
}
