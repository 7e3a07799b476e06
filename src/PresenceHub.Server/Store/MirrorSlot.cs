namespace PresenceHub.Server.Store;

/// <summary>One subject of <see cref="MirrorEntries"/>.</summary>
internal sealed class MirrorSlot
{
    public int Trackers { get; set; }

    public StoredEntry? Entry { get; set; }

    /// <summary>Whether an entry has ever been held.</summary>
    public bool IsLoaded { get; set; }

    /// <summary>Whether the last listing left the subject out, because it was tracked later.</summary>
    public bool IsUnlisted { get; set; }

    /// <summary>Whether the slot stays without trackers, because its entry was held when the partition was
    /// lost.</summary>
    public bool IsKept { get; set; }

    /// <summary>When the subject was last read from the store (ticks of <see cref="PartitionComparison"/>).</summary>
    public int ReadAt { get; set; }

    public bool IsDue(long staleBefore, long aheadOf) =>
        IsUnlisted || (Entry is { IsLive: true } && (Entry.ObservedAt < staleBefore || Entry.ObservedAt > aheadOf));
}
