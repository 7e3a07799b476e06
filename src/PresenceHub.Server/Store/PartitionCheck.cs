namespace PresenceHub.Server.Store;

/// <summary>What came of one check of a partition.</summary>
/// <param name="HasAnswered">Whether the server of the partition answered.</param>
/// <param name="Head">The store's position, when every change up to it has been raised; null otherwise.</param>
internal readonly record struct PartitionCheck(bool HasAnswered, PartitionPosition? Head);
