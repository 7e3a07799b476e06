using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using PresenceHub.Server.Ingest;

namespace PresenceHub.Server.Tests.Ingest;

/// <summary>Everything that the metrics of one test record.</summary>
internal sealed class MeterReader : IDisposable
{
    private readonly IMeterFactory _meters = TestMetrics.NewFactory();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _measured = new();

    public MeterReader()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == _meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IMeterFactory Meters => _meters;

    public IngestMetrics Create(PollingOptions? polling = null) => TestMetrics.Create(_meters, polling);

    /// <summary>The values of an instrument so far, gauges as of now.</summary>
    public double[] Values(string name, string tags = "")
    {
        _listener.RecordObservableInstruments();
        return
        [
            .. from measured in _measured where measured.Name == name && measured.Tags == tags select measured.Value,
        ];
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new List<string>();
        foreach (var (name, tag) in tags)
        {
            text.Add($"{name}={tag}");
        }

        _measured.Enqueue((instrument.Name, value, string.Join(',', text)));
    }
}
