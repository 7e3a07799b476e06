using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using PresenceHub.Testing;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>
/// From a notification's arrival at the hub's door to the client's event handler. A forwarder between Graph and the hub
/// notes when each POST passes; one change is under way at a time, with a pause before the next, as in a hub that is
/// not busy.
/// </summary>
internal static class PushLatency
{
    private const int WarmUp = 20;
    private const int Changes = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>With Graph's sequence number a payload is stored as it stands; without one, as documented, the person
    /// is read again first.</summary>
    public static async Task RunAsync()
    {
        await RunAsync(isSequenced: true);
        await RunAsync(isSequenced: false);
    }

    private static async Task RunAsync(bool isSequenced)
    {
        var hub = new TaskCompletionSource<Uri>();
        var passed = new ConcurrentQueue<long>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var port = FreePorts.Take();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        await using var forwarder = builder.Build();
        using var http = new HttpClient(new SocketsHttpHandler());
        forwarder.MapPost("/{**path}", async (HttpContext context) =>
        {
            var at = Stopwatch.GetTimestamp();
            using var request = new HttpRequestMessage(
                HttpMethod.Post,
                new Uri(await hub.Task, context.Request.Path + context.Request.QueryString)
            )
            {
                Content = new StreamContent(context.Request.Body),
            };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
            using var answer = await http.SendAsync(request);
            if (!context.Request.Query.ContainsKey("validationToken"))
            {
                passed.Enqueue(at);
            }

            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(context.Response.Body);
        });
        await forwarder.StartAsync();

        await using var server = await HubServer.StartAsync(
            new Dictionary<string, string>
            {
                ["Graph__NotificationUrl"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
                ["Emulator__NotificationLatency"] = "00:00:00",
                ["Emulator__Switches__SequenceNumberInRichData"] = isSequenced ? "true" : "false",
            }
        );
        hub.SetResult(server.Address);
        await using var client = await WatchingClient.ConnectAsync(server);
        var id = (await server.PeopleAsync())[0];
        await client.Client.WatchAsync([id]);
        await client.LiveAsync(id);
        await server.Emulator.WaitUntilCoveredAsync(id);
        long arrived = 0;
        client.Client.EntriesChanged += (_, _) => Volatile.Write(ref arrived, Stopwatch.GetTimestamp());

        var latencies = new List<double>();
        for (var change = 0; change < WarmUp + Changes; change++)
        {
            await Task.Delay(Pause, TimeProvider.System);
            passed.Clear();
            var availability = string.Create(
                CultureInfo.InvariantCulture,
                $"State{(char)('A' + (change % 26))}{(char)('a' + (change / 26 % 26))}"
            );
            await server.Emulator.SetPresenceAsync(id, availability, "Busy");
            await client.ShowsAsync(id, availability);
            if (change >= WarmUp && passed.TryPeek(out var at))
            {
                latencies.Add(Stopwatch.GetElapsedTime(at, Volatile.Read(ref arrived)).TotalMilliseconds);
            }
        }

        latencies.Sort();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"webhook received to client received, {(isSequenced ? "payload applied" : "payload only a hint")}, {latencies.Count} changes: p50 {latencies[latencies.Count / 2]:0.0} ms, p99 {latencies[latencies.Count * 99 / 100]:0.0} ms, max {latencies[^1]:0.0} ms"
            )
        );
    }
}
