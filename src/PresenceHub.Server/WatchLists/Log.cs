namespace PresenceHub.Server.WatchLists;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Warning, "What is watched on this node could not be written ({Reason}); retrying")]
    public static partial void InterestNotWritten(this ILogger logger, string reason);

    [LoggerMessage(3002, LogLevel.Information, "What was watched on this node could not be released ({Reason}); it expires by itself")]
    public static partial void InterestNotReleased(this ILogger logger, string reason);
}
