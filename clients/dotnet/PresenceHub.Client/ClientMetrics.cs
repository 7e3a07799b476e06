using System.Diagnostics.Metrics;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>What a client measures. It is read when a listener asks, so it costs nothing on the way of a
/// change.</summary>
internal sealed class ClientMetrics : IDisposable
{
    public const string MeterName = "PresenceHub.Client";

    private static readonly string[] Freshnesses = [Freshness.Live, Freshness.Stale, Freshness.Unknown];

    private readonly ConnectionLoop _loop;
    private readonly WatchBook _book;
    private readonly Meter _meter;

    public ClientMetrics(IMeterFactory? meters, ConnectionLoop loop, WatchBook book)
    {
        (_loop, _book) = (loop, book);

        // A factory gives every client the same meter and keeps it until the application ends: the instruments of a
        // disposed client would stay. With the factory as its scope, this one counts as made by it.
        _meter = new Meter(new MeterOptions(MeterName) { Scope = meters });
        _meter.CreateObservableGauge(
            "presencehub.client.connected",
            () => _loop.Status.State is PresenceConnectionState.Connected ? 1 : 0,
            "{connection}",
            "Open connections to the hub: 1 or 0"
        );
        _meter.CreateObservableCounter(
            "presencehub.client.connection.attempts",
            ObserveAttempts,
            "{attempt}",
            "Attempts to connect to the hub, by outcome"
        );
        _meter.CreateObservableGauge(
            "presencehub.client.watched",
            () => _book.Watched,
            "{subject}",
            "Subjects that the client watches"
        );
        _meter.CreateObservableGauge(
            "presencehub.client.entries",
            ObserveEntries,
            "{entry}",
            "Entries that the client holds, by freshness"
        );
        _meter.CreateObservableCounter(
            "presencehub.client.changes",
            () => _book.View.Changes,
            "{change}",
            "Entries that were new or changed"
        );
    }

    public void Dispose() => _meter.Dispose();

    private Measurement<long>[] ObserveAttempts()
    {
        var attempts = _loop.Attempts;
        return
        [
            new(attempts.Opened, Tag("outcome", "opened")),
            new(attempts.Refused, Tag("outcome", "refused")),
            new(attempts.Failed, Tag("outcome", "failed")),
        ];
    }

    private IEnumerable<Measurement<int>> ObserveEntries()
    {
        var counts = _book.View.Snapshot().Values.ToLookup(entry => entry.Freshness);
        return Freshnesses.Select(freshness => new Measurement<int>(
            counts[freshness].Count(),
            Tag("freshness", freshness)
        ));
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
