namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>What all lanes use in common.</summary>
internal sealed record DeliveryTools(
    NotificationClient Client,
    NotificationPayloads Payloads,
    NotificationCounts Counts,
    GraphEmulatorOptions Options,
    ILogger<DeliveryLane> Logger
);
