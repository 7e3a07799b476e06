namespace PresenceHub.Verification.Model;

/// <summary>Where a node stands in a partition, and the latest epoch and time that the store has told it.</summary>
internal record struct Mirror(byte Epoch, byte Offset, byte Clock, bool IsFollowing, byte SeenEpoch, byte SeenClock)
{
    public override readonly string ToString() =>
        $"({Epoch}, {Offset}) clock {Clock}{(IsFollowing ? "" : " not following")}, seen ({SeenEpoch}, {SeenClock})";
}
