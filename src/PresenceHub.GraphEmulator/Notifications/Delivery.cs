namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>Notifications that go in one POST, and how often that was tried. A retry sends the same bytes.</summary>
internal sealed record Delivery(IReadOnlyList<Notification> Notifications)
{
    public ReadOnlyMemory<byte> Body { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset FirstTriedAt { get; init; }
}
