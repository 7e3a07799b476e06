namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>The notifications of one POST and the number of attempts. A retry sends the same bytes.</summary>
internal sealed record Delivery(IReadOnlyList<Notification> Notifications)
{
    public ReadOnlyMemory<byte> Body { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset FirstTriedAt { get; init; }
}
