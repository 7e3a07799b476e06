using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using PresenceHub.Contracts;
using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>
/// The effect of one user who asks for made-up ids as fast as the hub allows, over ten connections: keys in Redis,
/// requests to Graph, and the time from a <c>Watch</c> of another user to its first entry.
/// </summary>
internal static class GreedyUser
{
    private const int Connections = 10;
    private const int IdsPerCall = 1000;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Greedy = TimeSpan.FromSeconds(60);

    /// <summary>Sets the rate of the calls that are measured, and of attempts after a refusal: part of the
    /// method.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <param name="assembly">The server's assembly; null takes the one of this build.</param>
    public static async Task RunAsync(string? assembly)
    {
        var redis = new RedisServer();
        await redis.StartAsync();
        try
        {
            await using var server = await HubServer.StartAsync(
                new Dictionary<string, string>
                {
                    ["Redis__ConnectionString"] = redis.ConnectionString,
                    ["Emulator__People"] = "1000",
                },
                assembly: assembly
            );
            await using var store = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
            var people = new Queue<string>(await server.PeopleAsync());
            await MeasureAsync("without a greedy user", server, store, people, Quiet);

            using var stop = new CancellationTokenSource();
            var asked = new ConcurrentBag<int>();
            var refused = new ConcurrentBag<string>();
            var (token, _) = await server.SignInAsync();
            var greedy = Task.WhenAll(
                Enumerable.Range(0, Connections).Select(_ => AskAsync(server, token, asked, refused, stop.Token))
            );
            await MeasureAsync("with one", server, store, people, Greedy);
            await stop.CancelAsync();
            await greedy;
            var reasons = string.Join(
                ", ",
                refused.CountBy(reason => reason).Select(pair => $"{pair.Value} x {pair.Key}")
            );
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {asked.Sum():N0} made-up ids were answered; refused: {reasons}"
                )
            );
        }
        finally
        {
            await redis.DisposeAsync();
        }
    }

    private static async Task MeasureAsync(
        string name,
        HubServer server,
        ConnectionMultiplexer store,
        Queue<string> people,
        TimeSpan duration
    )
    {
        var (keys, reads) = (await KeysAsync(store), await server.Emulator.ReadsAsync());
        await using var client = await WatchingClient.ConnectAsync(server);
        var latencies = new List<double>();
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < duration)
        {
            var person = people.Dequeue();
            var at = Stopwatch.GetTimestamp();
            await client.Client.WatchAsync([person]);
            await client.LiveAsync(person);
            latencies.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);

            // The pace of the load, not a wait for anything.
            await Task.Delay(Pause, TimeProvider.System);
        }

        latencies.Sort();
        keys = await KeysAsync(store) - keys;
        reads = await server.Emulator.ReadsAsync() - reads;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: first entry p50 {latencies[latencies.Count / 2]:0} ms, max {latencies[^1]:0} ms; "
                    + $"{keys:N0} keys more in Redis; {reads / duration.TotalMinutes:0} reads of Graph a minute"
            )
        );
    }

    private static async Task<long> KeysAsync(ConnectionMultiplexer store) =>
        await store.GetServers()[0].DatabaseSizeAsync();

    private static async Task AskAsync(
        HubServer server,
        string token,
        ConcurrentBag<int> asked,
        ConcurrentBag<string> refused,
        CancellationToken stop
    )
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var hub = new HubConnectionBuilder()
                    .WithUrl(new Uri(server.Address, "/hubs/presence"), options =>
                        options.AccessTokenProvider = () => Task.FromResult<string?>(token)
                    )
                    .Build();
                await hub.StartAsync(stop);
                while (!stop.IsCancellationRequested && hub.State is HubConnectionState.Connected)
                {
                    await AskOnceAsync(hub, asked, refused, stop);
                }
            }
            catch (Exception exception)
                when (exception
                        is HttpRequestException
                            or IOException
                            or InvalidOperationException
                            or OperationCanceledException
                )
            {
                refused.Add(exception.GetType().Name);
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private static async Task AskOnceAsync(
        HubConnection hub,
        ConcurrentBag<int> asked,
        ConcurrentBag<string> refused,
        CancellationToken stop
    )
    {
        string[] ids = [.. Enumerable.Range(0, IdsPerCall).Select(_ => $"{Guid.NewGuid()}")];
        try
        {
            await hub.InvokeAsync<WatchResult>("Watch", new WatchRequest(ids), stop);
            asked.Add(ids.Length);
            await hub.InvokeAsync("Unwatch", ids, stop);
        }
        catch (HubException exception)
        {
            refused.Add(ReasonOf(exception.Message));
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>The code and the limit, without the numbers.</summary>
    private static string ReasonOf(string message)
    {
        var text = message[
            (message.LastIndexOf("HubException: ", StringComparison.Ordinal) is >= 0 and var at ? at + 14 : 0)..
        ];
        return text.Split(';')[0];
    }
}
