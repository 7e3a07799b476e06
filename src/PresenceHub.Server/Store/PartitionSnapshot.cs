namespace PresenceHub.Server.Store;

/// <summary>Some subjects of a partition as of one instant.</summary>
/// <param name="Entries">In the order of the request; null where the store holds no readable entry.</param>
/// <param name="Time">The server's own time (µs) at that instant: no entry was observed after it. It may step
/// back.</param>
internal readonly record struct PartitionSnapshot(
    PartitionPosition Position,
    IReadOnlyList<StoredEntry?> Entries,
    long Time
);
