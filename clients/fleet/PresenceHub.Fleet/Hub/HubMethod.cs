namespace PresenceHub.Fleet.Hub;

/// <summary>Method names of the contract (<c>docs/protocol.md</c>).</summary>
internal static class HubMethod
{
    public const string Watch = nameof(Watch);
    public const string Unwatch = nameof(Unwatch);
    public const string Get = nameof(Get);

    public static ReadOnlySpan<byte> PresenceChanged => "PresenceChanged"u8;

    public static ReadOnlySpan<byte> Bookmark => "Bookmark"u8;

    public static ReadOnlySpan<byte> Revoked => "Revoked"u8;

    public static ReadOnlySpan<byte> Draining => "Draining"u8;
}
