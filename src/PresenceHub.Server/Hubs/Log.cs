namespace PresenceHub.Server.Hubs;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Error, "Hub method {Method} failed")]
    public static partial void CallFailed(this ILogger logger, Exception exception, string method);

    [LoggerMessage(5002, LogLevel.Debug, "Graph could not be asked for somebody whom nobody watches ({Reason})")]
    public static partial void ColdReadNotAsked(this ILogger logger, string reason);
}
