using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Ingest.Notifications;

internal static class NotificationEndpoints
{
    /// <summary>
    /// Where Graph posts. Anonymous: the segment of the URL keeps others out, and what is posted proves its origin.
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
