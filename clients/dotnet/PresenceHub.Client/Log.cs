using Microsoft.Extensions.Logging;

namespace PresenceHub.Client;

internal static partial class Log
{
    [LoggerMessage(9001, LogLevel.Information, "Connected to the presence hub")]
    public static partial void Connected(this ILogger logger);

    [LoggerMessage(EventId = 9002, Message = "No connection to the presence hub; the next attempt is in {Delay}")]
    public static partial void ConnectionLost(
        this ILogger logger,
        LogLevel level,
        Exception? exception,
        TimeSpan delay
    );

    [LoggerMessage(9003, LogLevel.Information, "The presence hub's node is going away; reconnecting")]
    public static partial void NodeDraining(this ILogger logger);

    [LoggerMessage(EventId = 9004, Message = "The presence hub is unavailable; the call is repeated in {Delay}")]
    public static partial void CallUnavailable(this ILogger logger, LogLevel level, TimeSpan delay);

    [LoggerMessage(9005, LogLevel.Error, "A listener of the presence client failed; the other listeners go on")]
    public static partial void ListenerFailed(this ILogger logger, Exception exception);

    [LoggerMessage(9006, LogLevel.Debug, "Closing the connection to the presence hub failed")]
    public static partial void CloseFailed(this ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 9007,
        Message = "The presence hub takes no connections for now; the next attempt is in {Delay}"
    )]
    public static partial void ConnectionRefused(this ILogger logger, LogLevel level, TimeSpan delay);

    [LoggerMessage(9008, LogLevel.Warning, "{Problem}. {Advice}")]
    public static partial void NeedsAttention(this ILogger logger, string problem, string advice);
}
