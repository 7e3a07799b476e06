using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>
/// What becomes of readings of ids that Graph does not know. Clients can make up any number of them, so the store gets
/// an entry only for those that are watched, or that it holds already; of all of them the nodes are told.
/// </summary>
internal sealed class UnknownPeople(
    PresenceStore store,
    StoreKeys keys,
    UnknownNotices notices,
    WatchedSubjects watched
)
{
    /// <summary>Separates the observations to be stored from the others.</summary>
    public async Task<(IReadOnlyList<Observation> Stored, IReadOnlyList<Observation> Unstored)> SortAsync(
        IReadOnlyList<Observation> observations,
        CancellationToken cancellationToken
    )
    {
        var missing = observations.Where(observation => !observation.IsKnown).ToArray();
        if (missing.Length is 0)
        {
            return (observations, []);
        }

        try
        {
            await notices.PublishAsync([.. missing.Select(observation => observation.Subject)]);
        }
        catch (Exception exception) when (exception is RedisException or RedisCommandException or TimeoutException)
        {
            // A node that was not told asks once more. What Graph has said of the others must not be lost with it.
        }

        var unwatched = missing.Where(observation => watched.LeaseOf(observation.Subject) is not Lease.Held).ToArray();
        var held = await HeldAsync([.. unwatched.Select(observation => observation.Subject)], cancellationToken);
        var unstored = unwatched.Where(observation => !held.Contains(observation.Subject)).ToArray();
        var left = unstored.Select(observation => observation.Subject).ToHashSet();
        return ([.. observations.Where(observation => !left.Contains(observation.Subject))], unstored);
    }

    /// <summary>Those of which the store holds an entry: it must not say anything older than Graph.</summary>
    private async Task<HashSet<SubjectId>> HeldAsync(
        IReadOnlyList<SubjectId> subjects,
        CancellationToken cancellationToken
    )
    {
        var partitions = subjects
            .GroupBy(keys.PartitionOf)
            .Select(async partition =>
            {
                SubjectId[] asked = [.. partition];
                try
                {
                    var snapshot = await store.ReadAsync(partition.Key, asked, cancellationToken);
                    return asked.Where((_, i) => snapshot.Entries[i] is not null);
                }
                catch (Exception exception)
                    when (exception is RedisException or RedisCommandException or TimeoutException)
                {
                    // The apply of them finds the same, and they are read again.
                    return asked;
                }
            });
        return [.. (await Task.WhenAll(partitions)).SelectMany(held => held)];
    }
}
