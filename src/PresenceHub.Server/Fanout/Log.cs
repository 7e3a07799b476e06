namespace PresenceHub.Server.Fanout;

internal static partial class Log
{
    [LoggerMessage(
        4001,
        LogLevel.Information,
        "Connection {ConnectionId} has accepted nothing for too long and is closed; {PendingCount} entries were pending. "
            + "{Others} others were closed since the last such line"
    )]
    public static partial void ConnectionStuck(this ILogger logger, string connectionId, int pendingCount, long others);
}
