namespace PresenceHub.Server.Store;

/// <summary>Where a partition stands: its epoch, how many messages were announced in it, and its clock (µs) at that
/// instant.</summary>
internal readonly record struct PartitionPosition(long Epoch, long Offset, long Clock);
