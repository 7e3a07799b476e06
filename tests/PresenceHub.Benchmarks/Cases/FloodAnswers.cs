using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PresenceHub.GraphEmulator;
using PresenceHub.Testing;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>
/// How long Graph waits for its answer, and how much memory the hub takes, while others post 60 MB/s of garbage to it.
/// </summary>
internal static class FloodAnswers
{
    private const int PerSecond = 100;
    private const double BytesPerSecond = 60e6;
    private const int Connections = 16;
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(20);

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
            using var template = new NotificationTemplate(body, id =>
                WebhookAnswers.PublicCertificate(redis.ConnectionString, id)
            );
            var subscriptionId = JsonDocument
                .Parse(body)
                .RootElement.GetProperty("value")[0]
                .GetProperty("subscriptionId")
                .GetGuid();
            var tenantId = new GraphEmulatorOptions().TenantId;
            using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Address };

            await WebhookAnswers.PostAsync(http, path, template, Measured / 4, PerSecond);
            var url = new Uri(server.Address, path);
            var one = WebhookFlood.BodyOf(subscriptionId, tenantId, 1);
            var many = WebhookFlood.BodyOf(subscriptionId, tenantId, 32);
            (string Name, Uri Url, byte[] Body)[] floods =
            [
                ("wrong segment, 28 kB each", new Uri(url, new string('x', 43)), one),
                ("true URL, wrong client state, 28 kB each", url, one),
                ("true URL, wrong client state, 1 MB each", url, many),
            ];
            foreach (var (name, floodUrl, floodBody) in floods)
            {
                await MeasureAsync("without", server, http, path, template);
                await using var flood = new WebhookFlood(floodUrl, floodBody, Connections, BytesPerSecond);
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
                await flood.WaitForAsync(100, patience.Token);
                var (before, begun) = (flood.Posts, Stopwatch.GetTimestamp());
                await MeasureAsync(name, server, http, path, template);
                var posts = (flood.Posts - before) / Stopwatch.GetElapsedTime(begun).TotalSeconds;
                var answers = string.Join(", ", flood.Answers.Select(pair => $"{pair.Value} x {pair.Key}"));
                Console.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"  flood: {posts:0} posts/s, {posts * floodBody.Length / 1e6:0} MB/s ({answers})"
                    )
                );
            }
        }
        finally
        {
            await redis.DisposeAsync();
        }
    }

    private static async Task MeasureAsync(
        string name,
        HubServer server,
        HttpClient http,
        string path,
        NotificationTemplate template
    )
    {
        using var process = Process.GetProcessById(server.ProcessId);
        using var stop = new CancellationTokenSource();
        var cpu = process.TotalProcessorTime;
        var peak = PeakAsync(process, stop.Token);
        WebhookAnswers.Print(name, await WebhookAnswers.PostAsync(http, path, template, Measured, PerSecond));
        await stop.CancelAsync();
        process.Refresh();
        var rss = await peak;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  RSS at most {rss / 1e6:0} MB, {(process.TotalProcessorTime - cpu) / Measured:0.00} of a core"
            )
        );
    }

    private static async Task<long> PeakAsync(Process process, CancellationToken cancellationToken)
    {
        var peak = 0L;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                process.Refresh();
                peak = Math.Max(peak, process.WorkingSet64);
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }

        return peak;
    }
}
