using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hubs;

/// <summary>The gates of this node: one for connections, one for the ids of calls.</summary>
internal sealed class Admissions : IDisposable
{
    public Admissions(IOptions<AdmissionOptions> options, IMeterFactory meters)
    {
        var limits = options.Value;
        Connects = new AdmissionGate(limits.ConnectsPerSecond, limits.ConnectBurst, limits.MaxWait);
        Ids = new AdmissionGate(limits.IdsPerSecond, limits.IdBurst, limits.MaxWait);
        var meter = meters.Create("PresenceHub");
        meter.CreateObservableCounter(
            "presencehub.admission.refused",
            () => Measure(gate => gate.Refused),
            "{request}",
            "Connections and calls refused because the node was full"
        );
        meter.CreateObservableGauge(
            "presencehub.admission.waiting",
            () => Measure(gate => gate.Waiting),
            "{token}",
            "Connections, and ids of calls, that wait for their turn"
        );
    }

    public AdmissionGate Connects { get; }

    public AdmissionGate Ids { get; }

    public void Dispose()
    {
        Connects.Dispose();
        Ids.Dispose();
    }

    private IEnumerable<Measurement<long>> Measure(Func<AdmissionGate, long> value) =>
        [
            new(value(Connects), KeyValuePair.Create<string, object?>("kind", "connect")),
            new(value(Ids), KeyValuePair.Create<string, object?>("kind", "ids")),
        ];
}
