using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>Several servers in one process: those of the tests, and each with its emulator.</summary>
public sealed partial class MetricsTests
{
    [Fact]
    public async Task Metrics_OtherServersInTheProcess_AreOfTheServerAlone()
    {
        await using var server = await HubServer.StartInProcessAsync();
        await using var other = await HubServer.StartInProcessAsync();
        await using var client = await WatchingClient.ConnectAsync(server);
        await client.Client.GetAsync([(await server.PeopleAsync())[0]]);

        Assert.Equal(["1"], await ConnectionsAsync(server));
        Assert.Equal(["0"], await ConnectionsAsync(other));
        Assert.DoesNotContain(
            "oauth2",
            await server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Metrics_WebhookAnswersWithinMilliseconds_BucketsTellThemApart()
    {
        await using var server = await HubServer.StartInProcessAsync();
        using var body = new StringContent("{}");
        using var answer = await server.Http.PostAsync(new Uri("/graph/notifications/wrong", UriKind.Relative), body);

        var metrics = await server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var bounds = WebhookBuckets()
            .Matches(metrics)
            .Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
            .ToArray();
        Assert.True(bounds.Count(bound => bound < 1) >= 5, $"Buckets: {string.Join(", ", bounds)}");
        Assert.Contains(10, bounds);
    }

    private static async Task<string[]> ConnectionsAsync(HubServer server)
    {
        var metrics = await server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return [.. Connections().Matches(metrics).Select(match => match.Groups[1].Value)];
    }

    [GeneratedRegex("(?m)^presencehub_connections(?:{[^}]*})? ([0-9]+)")]
    private static partial Regex Connections();

    [GeneratedRegex("(?m)^presencehub_ingest_webhook_duration_seconds_bucket{[^}]*le=\"([0-9.]+)\"}")]
    private static partial Regex WebhookBuckets();
}
