namespace PresenceHub.GraphEmulator;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Information, "Graph emulator listens on {Address} with {People} people")]
    public static partial void Listening(this ILogger logger, Uri address, int people);

    [LoggerMessage(6002, LogLevel.Error, "Advancing the emulated company failed; retrying at the next tick")]
    public static partial void AdvanceFailed(this ILogger logger, Exception exception);

    [LoggerMessage(
        6003,
        LogLevel.Warning,
        "Posting notifications failed; they are dropped and the next batch is posted"
    )]
    public static partial void DeliveryFailed(this ILogger logger, Exception exception);

    [LoggerMessage(6004, LogLevel.Debug, "Notification endpoint answered {Status}; retry {Attempt} follows in {Delay}")]
    public static partial void DeliveryRetried(this ILogger logger, int status, int attempt, TimeSpan delay);

    [LoggerMessage(6005, LogLevel.Error, "Checking subscriptions failed; retrying at the next tick")]
    public static partial void SubscriptionCheckFailed(this ILogger logger, Exception exception);

    [LoggerMessage(6006, LogLevel.Debug, "Subscription {SubscriptionId} expired")]
    public static partial void SubscriptionExpired(this ILogger logger, Guid subscriptionId);

    [LoggerMessage(6007, LogLevel.Warning, "Notification endpoint was not validated: {Reason}")]
    public static partial void EndpointNotValidated(this ILogger logger, string reason);
}
