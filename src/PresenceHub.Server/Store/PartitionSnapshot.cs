namespace PresenceHub.Server.Store;

/// <summary>Some subjects of a partition as of one instant.</summary>
/// <param name="Entries">In the order asked; null where the store holds nothing.</param>
internal readonly record struct PartitionSnapshot(PartitionPosition Position, IReadOnlyList<StoredEntry?> Entries);
