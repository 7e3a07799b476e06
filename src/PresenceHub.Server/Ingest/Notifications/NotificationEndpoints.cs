using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Ingest.Notifications;

internal static class NotificationEndpoints
{
    /// <summary>
    /// Maps the URLs that Graph posts to. They are anonymous: the segment of the URL is secret, and each item proves
    /// its origin.
    /// </summary>
    public static IEndpointRouteBuilder MapGraphNotifications(this IEndpointRouteBuilder endpoints)
    {
        var receiver = endpoints.ServiceProvider.GetRequiredService<NotificationReceiver>();
        foreach (var path in (string[])[WebhookAddress.NotificationPath, WebhookAddress.LifecyclePath])
        {
            var pattern = $"{path}/{{{NotificationReceiver.SegmentName}?}}";
            endpoints.MapPost(pattern, (RequestDelegate)receiver.ReceiveAsync).AllowAnonymous();
        }

        return endpoints;
    }
}
