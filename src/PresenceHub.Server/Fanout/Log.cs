namespace PresenceHub.Server.Fanout;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Information, "Connection {ConnectionId} has taken nothing for too long and is closed; {PendingCount} entries were waiting")]
    public static partial void ConnectionStuck(this ILogger logger, string connectionId, int pendingCount);

    [LoggerMessage(4002, LogLevel.Debug, "Writing to connection {ConnectionId} failed; it is closed")]
    public static partial void FlushFailed(this ILogger logger, Exception exception, string connectionId);
}
