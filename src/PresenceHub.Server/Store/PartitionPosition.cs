namespace PresenceHub.Server.Store;

/// <summary>The position of a partition at one instant.</summary>
/// <param name="Epoch">The epoch of the data.</param>
/// <param name="Offset">How many messages were announced in the epoch.</param>
/// <param name="Clock">The clock of the partition (µs).</param>
internal readonly record struct PartitionPosition(long Epoch, long Offset, long Clock)
{
    /// <summary>Whether every message before the other position was announced before this one too, or belongs to an
    /// earlier epoch.</summary>
    public bool Includes(PartitionPosition other) => (Epoch, Offset).CompareTo((other.Epoch, other.Offset)) >= 0;
}
