using System.Diagnostics.Metrics;

namespace PresenceHub.Server.Fanout;

internal sealed class FanoutMetrics
{
    private readonly Counter<long> _closed;

    public FanoutMetrics(IMeterFactory meters, Outboxes outboxes)
    {
        var meter = meters.Create("PresenceHub");
        _closed = meter.CreateCounter<long>(
            "presencehub.connections.closed",
            "{connection}",
            "Connections that the hub closed, by reason"
        );
        meter.CreateObservableGauge(
            "presencehub.connections",
            () => outboxes.Count,
            "{connection}",
            "Open connections of this node"
        );
        meter.CreateObservableGauge(
            "presencehub.outbox.pending",
            () => outboxes.All.Sum(outbox => (long)outbox.PendingCount),
            "{entry}",
            "Entries that wait for their connection"
        );
    }

    public void ConnectionClosed(string reason) =>
        _closed.Add(1, KeyValuePair.Create<string, object?>("reason", reason));
}
