namespace PresenceHub.Verification.Model;

internal record struct Node
{
    public Pair<Mirror> Mirrors;

    public Pair<Entry> Held;

    public ModelCursor Cursor;

    /// <summary>One bit per announcement that is on its way to the node.</summary>
    public byte InFlight;

    public override readonly string ToString() => $"{Mirrors} holds {Held}, {Cursor}, in flight {InFlight}";
}
