namespace PresenceHub.Server.Store;

/// <summary>The outcome of one check of a partition.</summary>
/// <param name="HasAnswered">Whether the server of the partition answered.</param>
/// <param name="Head">The store's position if all changes up to it have been raised; otherwise null.</param>
internal readonly record struct PartitionCheck(bool HasAnswered, PartitionPosition? Head);
