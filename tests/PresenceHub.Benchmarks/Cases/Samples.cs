using PresenceHub.Benchmarks.Report;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>Collects figures in the order in which they are measured.</summary>
internal sealed class Samples
{
    private readonly List<(string System, string Metric, string Unit, List<double> Values)> _all = [];

    public void Add(string system, string metric, string unit, double value)
    {
        var held = _all.FindIndex(sample => sample.System == system && sample.Metric == metric);
        if (held < 0)
        {
            held = _all.Count;
            _all.Add((system, metric, unit, []));
        }

        _all[held].Values.Add(value);
    }

    public void AddTo(CaseResult result)
    {
        foreach (var (system, metric, unit, values) in _all)
        {
            result.Measurements.Add(new Measurement(system, metric, unit, values));
        }
    }
}
