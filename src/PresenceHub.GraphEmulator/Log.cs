namespace PresenceHub.GraphEmulator;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Information, "Graph emulator listens on {Address} with {People} people")]
    public static partial void Listening(this ILogger logger, Uri address, int people);

    [LoggerMessage(6002, LogLevel.Error, "Moving the emulated company along failed; the next turn tries again")]
    public static partial void AdvanceFailed(this ILogger logger, Exception exception);

    [LoggerMessage(
        6003,
        LogLevel.Warning,
        "Posting notifications failed and they are dropped; the next batch is taken"
    )]
    public static partial void DeliveryFailed(this ILogger logger, Exception exception);

    [LoggerMessage(6004, LogLevel.Debug, "Notification endpoint answered {Status}; retry {Attempt} comes in {Delay}")]
    public static partial void DeliveryRetried(this ILogger logger, int status, int attempt, TimeSpan delay);

    [LoggerMessage(6005, LogLevel.Error, "Checking subscriptions failed; the next turn tries again")]
    public static partial void SubscriptionCheckFailed(this ILogger logger, Exception exception);

    [LoggerMessage(6006, LogLevel.Debug, "Subscription {SubscriptionId} expired")]
    public static partial void SubscriptionExpired(this ILogger logger, Guid subscriptionId);

    [LoggerMessage(6007, LogLevel.Warning, "Notification endpoint was not validated: {Reason}")]
    public static partial void EndpointNotValidated(this ILogger logger, string reason);
}
