namespace PresenceHub.Verification.Model;

internal record struct ModelCursor(byte Epoch, byte Time)
{
    public override readonly string ToString() => $"cursor {Epoch}-{Time}";
}
