namespace PresenceHub.Verification.Model;

/// <summary>What a server holds of a partition. Entries carry no epoch of their own: a reader gives them that of the
/// partition.</summary>
internal record struct StoreData
{
    public byte Epoch;

    public byte Offset;

    public byte Clock;

    public Pair<Entry> Entries;

    public override readonly string ToString() => $"epoch {Epoch}, offset {Offset}, clock {Clock}, {Entries}";
}
