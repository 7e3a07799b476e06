namespace PresenceHub.Verification.Model;

/// <summary>What a client, a node or the store holds of a subject. The default holds nothing; value 0 in an epoch is
/// "never observed".</summary>
internal record struct Entry(byte Epoch, byte Revision, byte Value, bool IsStale)
{
    public readonly bool IsHeld => Epoch > 0;

    public readonly bool IsKnown => Value > 0;

    public readonly bool IsLive => IsKnown && !IsStale;

    public readonly bool IsOlderThan(Entry other) => (Epoch, Revision).CompareTo((other.Epoch, other.Revision)) < 0;

    public override readonly string ToString() =>
        Epoch + Revision == 0 ? "nothing" : $"{Value} at ({Epoch}, {Revision}){(IsStale ? " stale" : "")}";
}
