using System.Diagnostics.Metrics;

namespace PresenceHub.Client.Tests.Fakes;

/// <summary>Makes meters that a listener tells from those of other tests.</summary>
internal sealed class ScopedMeters(string name) : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public string Name { get; } = name;

    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
