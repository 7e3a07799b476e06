using System.Diagnostics.Metrics;

namespace PresenceHub.Server.People;

/// <summary>How much of what clients ask for comes from the cache.</summary>
internal sealed class PeopleMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _keys;

    public PeopleMetrics(IMeterFactory meters)
    {
        _meter = meters.Create("PresenceHub");
        _keys = _meter.CreateCounter<long>(
            "presencehub.people.keys",
            "{key}",
            "Ids, addresses, searches and photos that clients ask for"
        );
    }

    /// <param name="kind">What was asked for, for the operator.</param>
    /// <param name="cached">How many were answered from the cache.</param>
    /// <param name="asked">How many Graph is asked for.</param>
    public void Answered(string kind, int cached, int asked)
    {
        Add(kind, "cache", cached);
        Add(kind, "graph", asked);
    }

    public void Dispose() => _meter.Dispose();

    private void Add(string kind, string source, int count)
    {
        if (count > 0)
        {
            _keys.Add(
                count,
                KeyValuePair.Create<string, object?>("kind", kind),
                KeyValuePair.Create<string, object?>("source", source)
            );
        }
    }
}
