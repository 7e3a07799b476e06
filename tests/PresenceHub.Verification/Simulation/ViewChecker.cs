using PresenceHub.Contracts;

namespace PresenceHub.Verification.Simulation;

/// <summary>
/// Watches what one client shows: never anything that was not written, never anything older than what it showed before,
/// and never as stale what no node called stale.
/// </summary>
internal sealed class ViewChecker(string client, Scene scene, SimulatedRedis redis)
{
    private readonly Dictionary<string, PresenceEntry> _shown = [];
    private readonly Dictionary<string, PresenceEntry> _calledStale = [];

    /// <summary>Takes note of what the client is told. Never observed means lost, where the client knows
    /// better.</summary>
    public void Hear(IEnumerable<PresenceEntry> entries)
    {
        foreach (
            var entry in entries.Where(entry =>
                entry.Freshness is Freshness.Stale || entry is { Freshness: Freshness.Unknown, Revision: 0 }
            )
        )
        {
            _calledStale[entry.Id] = entry;
        }
    }

    /// <param name="view">What the client shows.</param>
    /// <param name="isLost">Whether it lost its connection for so long that it has to call everything stale.</param>
    public void Check(IReadOnlyDictionary<string, PresenceEntry> view, bool isLost)
    {
        foreach (var (id, entry) in view)
        {
            if (_shown.TryGetValue(id, out var before) && entry.IsOlderThan(before))
            {
                scene.Violations.Add($"{client} went back from {before} to {entry}");
            }

            // What is lost is shown in the epoch of its loss, by a revision that may be an earlier one.
            var wasWritten = entry.Freshness switch
            {
                Freshness.Live => redis.WasWritten(id, entry.Availability, entry.Revision),
                Freshness.Stale => redis.WasWritten(id, entry.Availability),
                _ => true,
            };
            if (!wasWritten)
            {
                scene.Violations.Add($"{client} shows {entry}, which was never written");
            }

            if (entry.Freshness is Freshness.Stale && entry != before && !isLost && !IsCalledStale(entry))
            {
                scene.Violations.Add($"{client} calls {entry} stale, for no reason");
            }

            _shown[id] = entry;
        }
    }

    /// <summary>An unwatched subject may be shown again.</summary>
    public void Forget(string id) => _shown.Remove(id);

    private bool IsCalledStale(PresenceEntry entry) =>
        _calledStale.TryGetValue(entry.Id, out var called)
        && (called.Epoch, called.Revision) == (entry.Epoch, entry.Revision);
}
