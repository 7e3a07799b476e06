namespace PresenceHub.Server.Ingest.Notifications;

internal static class NotificationEndpoints
{
    public const string NotificationPath = "/graph/notifications";
    public const string LifecyclePath = "/graph/lifecycle";

    /// <summary>Where Graph posts. Anonymous: what is posted proves its origin by itself.</summary>
    public static IEndpointRouteBuilder MapGraphNotifications(this IEndpointRouteBuilder endpoints)
    {
        var receiver = endpoints.ServiceProvider.GetRequiredService<NotificationReceiver>();
        endpoints.MapPost(NotificationPath, (RequestDelegate)receiver.ReceiveAsync).AllowAnonymous();
        endpoints.MapPost(LifecyclePath, (RequestDelegate)receiver.ReceiveAsync).AllowAnonymous();
        return endpoints;
    }
}
