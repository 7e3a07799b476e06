using System.Diagnostics.Metrics;

namespace PresenceHub.Client.Tests.Fakes;

/// <summary>A scope by which a listener tells a test's meters from those of other tests.</summary>
internal sealed class ScopedMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
