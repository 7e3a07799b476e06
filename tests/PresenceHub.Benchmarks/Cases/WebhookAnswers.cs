using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Subscriptions;
using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>
/// How long Graph waits for its answer while it posts at a steady rate, with Redis there and with Redis away, and what
/// a notification costs the server. Each is a different one, made from one that the emulator posted: it passes all
/// checks, is decrypted and applied.
/// </summary>
internal static class WebhookAnswers
{
    private const int PerSecond = 500;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);
    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    public static async Task RunAsync()
    {
        var redis = new RedisServer();
        await redis.StartAsync();
        try
        {
            var captured = new TaskCompletionSource<(PathString Path, byte[] Body)>();
            await using var forwarder = await NotificationForwarder.StartAsync(
                (path, body) => captured.TrySetResult((path, body))
            );
            await using var server = await HubServer.StartAsync(
                new Dictionary<string, string>
                {
                    ["Redis__ConnectionString"] = redis.ConnectionString,
                    ["Graph__NotificationUrl"] = forwarder.Address.ToString(),
                    ["Emulator__Switches__SequenceNumberInRichData"] = "true",
                }
            );
            forwarder.Target = server.Address;
            await using var client = await WatchingClient.ConnectAsync(server);
            var people = (await server.PeopleAsync())[..100];
            await client.Client.WatchAsync(people);
            await server.Emulator.WaitUntilCoveredAsync(people);
            await server.Emulator.SetPresenceAsync(people[0], "Busy", "Presenting");
            var (path, body) = await captured.Task.WaitAsync(TimeSpan.FromSeconds(20));
            using var template = new NotificationTemplate(body, id => PublicCertificate(redis.ConnectionString, id));

            using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Address };
            await PostAsync(http, path, template, WarmUp);
            await PrintCpuAsync(server, async () =>
            {
                var answers = await PostAsync(http, path, template, Measured);
                Print("Redis there", answers);
                return answers.Length;
            });
            await redis.KillAsync();
            await server.WaitForHealthAsync("/health/ready", healthy: false);
            Print("Redis away", await PostAsync(http, path, template, Measured));
            await redis.StartAsync();
            await server.WaitForHealthAsync("/health/ready");
            Print("Redis back", await PostAsync(http, path, template, Measured / 2));
        }
        finally
        {
            await redis.DisposeAsync();
        }
    }

    /// <summary>Open loop: each POST has its time, and waiting for a slow one before it counts as its own.</summary>
    internal static async Task<(double Milliseconds, int Status)[]> PostAsync(
        HttpClient http,
        string path,
        NotificationTemplate template,
        TimeSpan duration,
        int perSecond = PerSecond
    )
    {
        var answers = new ConcurrentQueue<(double, int)>();
        var posts = new List<Task>();
        var begun = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var total = (int)(perSecond * duration.TotalSeconds);
        for (var sent = 0; sent < total && await timer.WaitForNextTickAsync(); )
        {
            for (
                var due = (int)(Stopwatch.GetElapsedTime(begun).TotalSeconds * perSecond);
                sent < Math.Min(due, total);
                sent++
            )
            {
                posts.Add(PostOneAsync(begun + (long)((sent + 1) / (double)perSecond * Stopwatch.Frequency)));
            }
        }

        await Task.WhenAll(posts);
        return [.. answers];

        async Task PostOneAsync(long due)
        {
            using var content = new ByteArrayContent(template.Next());
            content.Headers.ContentType = Json;
            using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content);
            answers.Enqueue((Stopwatch.GetElapsedTime(due).TotalMilliseconds, (int)response.StatusCode));
        }
    }

    /// <summary>The server's processor time a notification, less what it takes without any.</summary>
    private static async Task PrintCpuAsync(HubServer server, Func<Task<int>> postAsync)
    {
        await Task.Delay(Rest, TimeProvider.System);
        var idle = await CpuOfAsync(server, async () =>
        {
            await Task.Delay(Idle, TimeProvider.System);
            return 0;
        });
        var busy = await CpuOfAsync(server, async () =>
        {
            var posted = await postAsync();
            await Task.Delay(Rest, TimeProvider.System);
            return posted;
        });
        var ofIdle = idle.Cpu * (busy.Wall / idle.Wall);
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"server CPU: {(busy.Cpu - ofIdle).TotalMicroseconds / busy.Result:0} us a notification ({busy.Cpu / busy.Wall:0.00} of a core; {idle.Cpu / idle.Wall:0.00} without notifications)"
            )
        );
    }

    private static async Task<(TimeSpan Cpu, TimeSpan Wall, int Result)> CpuOfAsync(
        HubServer server,
        Func<Task<int>> actionAsync
    )
    {
        using var process = Process.GetProcessById(server.ProcessId);
        var (cpu, begun) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        var result = await actionAsync();
        process.Refresh();
        return (process.TotalProcessorTime - cpu, Stopwatch.GetElapsedTime(begun), result);
    }

    internal static string PublicCertificate(string connectionString, string id)
    {
        using var connection = ConnectionMultiplexer.Connect(connectionString);
        byte[]? json = connection.GetDatabase().StringGet(new IngestKeys(new RedisNames()).Certificate(id));
        return JsonSerializer.Deserialize(json, SubscriptionJson.Default.StoredCertificate)!.PublicBase64;
    }

    internal static void Print(string name, (double Milliseconds, int Status)[] answers)
    {
        var sorted = answers.Select(answer => answer.Milliseconds).Order().ToArray();
        var statuses = string.Join(
            ", ",
            answers.CountBy(answer => answer.Status).Select(pair => $"{pair.Value} x {pair.Key}")
        );
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {sorted.Length} answers ({statuses}): p50 {sorted[sorted.Length / 2]:0.0} ms, p99 {sorted[sorted.Length * 99 / 100]:0.0} ms, p99.9 {sorted[sorted.Length * 999 / 1000]:0.0} ms, max {sorted[^1]:0.0} ms"
            )
        );
    }
}
