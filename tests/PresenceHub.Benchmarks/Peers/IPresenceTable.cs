using PresenceHub.Contracts;

namespace PresenceHub.Benchmarks.Peers;

/// <summary>Where a peer keeps the latest entry of each subject to answer snapshots from.</summary>
internal interface IPresenceTable
{
    Task SetAsync(IReadOnlyList<PresenceEntry> entries);

    /// <summary>The entries that are held, in the order of the ids.</summary>
    Task<IReadOnlyList<PresenceEntry>> GetAsync(IReadOnlyList<string> ids);
}
