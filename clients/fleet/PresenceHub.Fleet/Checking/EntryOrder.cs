namespace PresenceHub.Fleet.Checking;

/// <summary>The order of a subject's entries.</summary>
internal readonly record struct EntryOrder(long Epoch, long Revision) : IComparable<EntryOrder>
{
    public int CompareTo(EntryOrder other) =>
        Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Revision.CompareTo(other.Revision);

    public override string ToString() => $"{Epoch}/{Revision}";
}
