using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Hosting;
using PresenceHub.Server.Store;
using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.Benchmarks;

/// <summary>
/// How many observations a second the store takes, on a redis-server of its own without persistence: pages as the poller brings them, and
/// single ones as notifications do, many at once. Every observation is a change that is written and announced, unless it says otherwise.
/// </summary>
internal static class StoreApplies
{
    private const int People = 20_000;
    private const int Confirmed = 2_000;
    private const int PageSize = 650;
    private const int PagesAtOnce = 4;
    private const int SinglesAtOnce = 64;
    private const int Repeats = 5;
    private const string Unchanging = "Available";
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    public static async Task RunAsync()
    {
        var server = new RedisServer("--appendonly", "no");
        await server.StartAsync();
        try
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync(RedisServiceCollectionExtensions.CreateConfiguration($"{server.ConnectionString},allowAdmin=true,asyncTimeout=20000"));
            var options = Options.Create(new StoreOptions());
            var keys = new StoreKeys(options);
            var clock = new StoreClock(keys, TimeProvider.System);
            var store = new PresenceStore(redis, keys, new StoreChannels(redis, keys), clock, options);
            var bench = new Bench(store, clock, redis);
            await bench.MeasureAsync(PageSize, PagesAtOnce, changes: true, measure: false);
            for (var repeat = 0; repeat < Repeats; repeat++)
            {
                await bench.MeasureAsync(PageSize, 1, changes: true);
                await bench.MeasureAsync(PageSize, PagesAtOnce, changes: true);
                await bench.MeasureAsync(PageSize, PagesAtOnce, changes: false);
                await bench.MeasureAsync(1, SinglesAtOnce, changes: true);
                await bench.MeasureAsync(1, SinglesAtOnce, changes: false);
                await bench.MeasureAsync(1, 1, changes: true);
            }

            bench.Print();
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private sealed class Bench(PresenceStore store, StoreClock clock, IConnectionMultiplexer redis)
    {
        private readonly SubjectId[] _people = [.. Enumerable.Range(0, People).Select(_ => new SubjectId(Guid.NewGuid()))];
        private readonly SortedDictionary<string, List<Figures>> _figures = new(StringComparer.Ordinal);
        private int _next;

        public async Task MeasureAsync(int page, int atOnce, bool changes, bool measure = true)
        {
            if (!changes)
            {
                await store.ApplyAsync([.. _people.Take(Confirmed).Select(subject => Observe(subject, Unchanging, clock.Now))], CancellationToken.None);
            }

            using var own = Process.GetCurrentProcess();
            var (ownCpu, serverCpu, allocated, begun) = (own.TotalProcessorTime, await ServerCpuAsync(), GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
            var applied = (await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(() => ApplyAsync(page, changes, begun))))).Sum();
            var elapsed = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            var figures = new Figures(
                applied / elapsed,
                (await ServerCpuAsync() - serverCpu) * 1e6 / applied,
                (own.TotalProcessorTime - ownCpu).TotalMicroseconds / applied,
                (double)(GC.GetTotalAllocatedBytes() - allocated) / applied);
            if (measure)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"pages of {page,3}, {atOnce,2} at once, {(changes ? "all changes" : "all confirmations")}");
                _figures.TryAdd(name, []);
                _figures[name].Add(figures);
            }
        }

        public void Print()
        {
            foreach (var (name, runs) in _figures)
            {
                var rates = runs.Select(run => run.Rate).Order().ToArray();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{name}: {Median(runs, run => run.Rate):N0} applies/s ({rates[0]:N0}–{rates[^1]:N0}), each {Median(runs, run => run.ServerCpu):0.0} µs of Redis, "
                    + $"{Median(runs, run => run.OwnCpu):0.0} µs of the node, {Median(runs, run => run.Allocated):N0} B"));
            }
        }

        private static Observation Observe(SubjectId subject, string state, long begunAt) => new(subject, state, state, null, begunAt, ObservationSource.Poll);

        private static double Median(List<Figures> runs, Func<Figures, double> figure) => runs.Select(figure).Order().ElementAt(runs.Count / 2);

        private async Task<long> ApplyAsync(int page, bool changes, long begun)
        {
            var applied = 0L;
            while (Stopwatch.GetElapsedTime(begun) < Duration)
            {
                var start = Interlocked.Add(ref _next, page) - page;
                var now = clock.Now;
                var observations = new Observation[page];
                for (var i = 0; i < page; i++)
                {
                    // A state that nobody has been in yet, as long as a presence's.
                    observations[i] = changes
                        ? Observe(_people[(start + i) % People], string.Create(CultureInfo.InvariantCulture, $"State{(start + i) / People:000000}"), now)
                        : Observe(_people[(start + i) % Confirmed], Unchanging, now);
                }

                await store.ApplyAsync(observations, CancellationToken.None);
                applied += page;
            }

            return applied;
        }

        private async Task<double> ServerCpuAsync()
        {
            var lines = ((string)(await redis.GetDatabase().ExecuteAsync("INFO", "cpu"))!).Split('\n');
            return lines.Where(line => line.StartsWith("used_cpu_user:", StringComparison.Ordinal) || line.StartsWith("used_cpu_sys:", StringComparison.Ordinal))
                .Sum(line => double.Parse(line.Split(':')[1], CultureInfo.InvariantCulture));
        }

        private sealed record Figures(double Rate, double ServerCpu, double OwnCpu, double Allocated);
    }
}
