using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Whether the settings let the hub subscribe to Graph's change notifications.</summary>
internal sealed class SubscriptionAvailability(
    IOptions<GraphOptions> graph,
    IOptions<NotificationOptions> notifications
)
{
    public bool IsAvailable => DisabledReason is null;

    /// <summary>The setting that disables subscriptions, in words for the operator; null when they are
    /// available.</summary>
    public string? DisabledReason =>
        !notifications.Value.Enabled ? "Notifications:Enabled is false"
        : string.IsNullOrEmpty(graph.Value.NotificationUrl) ? "Graph:NotificationUrl is not set"
        : null;
}
