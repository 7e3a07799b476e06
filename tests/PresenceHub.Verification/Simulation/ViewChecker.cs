using PresenceHub.Contracts;

namespace PresenceHub.Verification.Simulation;

/// <summary>
/// Checks what one client shows: only what was written, nothing older than what it showed before, and nothing as stale
/// that no node called stale.
/// </summary>
internal sealed class ViewChecker(string client, Scene scene, SimulatedRedis redis)
{
    private readonly Dictionary<string, PresenceEntry> _shown = [];
    private readonly Dictionary<string, PresenceEntry> _calledStale = [];

    /// <summary>Records the entries that the client receives. For a client that knew the subject, "never observed"
    /// means lost.</summary>
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
    /// <param name="isLost">Whether it has been without a connection for so long that everything is stale.</param>
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

    /// <summary>What the node holds has been sent to the client, when nothing is in flight between them.</summary>
    public void CheckNothingMissed(IReadOnlyDictionary<string, PresenceEntry> view, SimulatedNode node)
    {
        foreach (var (id, shown) in view)
        {
            if (!SubjectId.TryParse(id, out var subject) || node.Held(subject) is not { IsKnown: true } held)
            {
                continue;
            }

            var sent = held.ToContract();
            var isMissed =
                (sent.Epoch, sent.Revision) == (shown.Epoch, shown.Revision)
                    ? sent.Freshness != shown.Freshness
                    : shown.IsOlderThan(sent);
            if (isMissed)
            {
                scene.Violations.Add($"{client} shows {shown}, and {node.Name} holds {held}");
            }
        }
    }

    /// <summary>An unwatched subject may be shown again.</summary>
    public void Forget(string id) => _shown.Remove(id);

    private bool IsCalledStale(PresenceEntry entry) =>
        _calledStale.TryGetValue(entry.Id, out var called)
        && (called.Epoch, called.Revision) == (entry.Epoch, entry.Revision);
}
