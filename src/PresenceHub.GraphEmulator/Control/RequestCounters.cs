using System.Collections.Concurrent;

namespace PresenceHub.GraphEmulator.Control;

/// <summary>Counts by caller.</summary>
internal sealed class RequestCounters
{
    private readonly ConcurrentDictionary<CallerKey, CallerCounts> _callers = new();

    public CallerCounts Of(CallerKey caller) => _callers.GetOrAdd(caller, static _ => new CallerCounts());

    public IReadOnlyList<CallerReport> Read() => [.. _callers.Select(pair => pair.Value.Read(pair.Key))];
}
