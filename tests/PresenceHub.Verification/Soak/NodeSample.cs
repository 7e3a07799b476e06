using System.Globalization;

namespace PresenceHub.Verification.Soak;

/// <summary>How large a node is, by the system and by its own metrics.</summary>
internal sealed record NodeSample(double ResidentMegabytes, long OutboxPending, long NotificationsQueued)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Null for a node that is away or does not answer.</summary>
    public static async Task<NodeSample?> TryTakeAsync(SoakNode node)
    {
        if (node.Server is not { } server)
        {
            return null;
        }

        try
        {
            using var timeout = new CancellationTokenSource(Timeout);
            var metrics = await server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), timeout.Token);
            return new NodeSample(
                await node.ResidentMegabytesAsync(),
                Sum(metrics, "presencehub_outbox_pending"),
                Sum(metrics, "presencehub_ingest_notifications_queued")
            );
        }
        catch (Exception exception)
            when (exception is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }

    private static long Sum(string metrics, string name) =>
        metrics
            .Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Sum(line => (long)double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
}
