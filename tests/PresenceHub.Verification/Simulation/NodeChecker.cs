using PresenceHub.Server.Store;

namespace PresenceHub.Verification.Simulation;

/// <summary>Checks the freshness of what one node holds: no entry is stale without a reason, and none stays live that
/// was due to be read.</summary>
internal sealed class NodeChecker(SimulatedNode node, StoreKeys keys, Scene scene, SimulatedRedis redis)
{
    private DateTimeOffset _failedAt;

    /// <summary>Records that a request to the store got no answer.</summary>
    public void RecordFailure() => _failedAt = scene.Time.GetUtcNow();

    /// <summary>The live entries that a position check has to read, because their last known confirmation is too
    /// old.</summary>
    public StoredEntry[] Due()
    {
        var tolerance = StoreTime.FromTimeSpan(scene.ClockTolerance);
        return
        [
            .. node
                .Mirror.Partitions.SelectMany(partition => partition.Held(partition.Tracked))
                .OfType<StoredEntry>()
                .Where(entry =>
                    entry.IsLive
                    && entry.ObservedAt < node.Mirror.StaleBeforeOf(keys.PartitionOf(entry.Subject)) - tolerance
                ),
        ];
    }

    /// <summary>After a successful check none of the entries that were due before it is still live.</summary>
    public void CheckDue(StoredEntry[] dueBefore)
    {
        // The check may have found that the store's clock was set back. Then fewer entries are due after it.
        if (Due().Intersect(dueBefore).FirstOrDefault() is { } entry)
        {
            scene.Violations.Add($"{node.Name} holds {entry} as live, which was due to be read");
        }
    }

    /// <summary>An entry is stale only if it is old, or the store has lost it or does not answer.</summary>
    public void CheckChanges(IReadOnlyList<StoredEntry> entries)
    {
        foreach (
            var entry in entries.Where(entry =>
                entry.IsStale && entry.ObservedAt >= node.Mirror.StaleBefore && !redis.HasLost(entry.Subject)
            )
        )
        {
            if (node.Follower.IsInSync(keys.PartitionOf(entry.Subject)) && _failedAt != scene.Time.GetUtcNow())
            {
                scene.Violations.Add($"{node.Name} holds {entry} as stale without a reason");
            }
        }
    }
}
