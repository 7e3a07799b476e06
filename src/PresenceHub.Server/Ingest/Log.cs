namespace PresenceHub.Server.Ingest;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "Node {NodeId} reads Graph from now on")]
    public static partial void BecameLeader(this ILogger logger, string nodeId);

    [LoggerMessage(1002, LogLevel.Information, "Node {NodeId} no longer reads Graph")]
    public static partial void NoLongerLeader(this ILogger logger, string nodeId);

    [LoggerMessage(1003, LogLevel.Warning, "Redis does not say who reads Graph ({Reason}); asking on")]
    public static partial void LeaseUnreachable(this ILogger logger, string reason);

    [LoggerMessage(1004, LogLevel.Information, "The lease to read Graph was not released ({Reason}); it expires by itself")]
    public static partial void LeaseNotReleased(this ILogger logger, string reason);

    [LoggerMessage(1010, LogLevel.Warning, "Presence cannot be read or stored ({Reason}); retrying")]
    public static partial void PresenceNotRead(this ILogger logger, string reason);

    [LoggerMessage(1011, LogLevel.Information, "Presence is read and stored again")]
    public static partial void PresenceReadAgain(this ILogger logger);

    [LoggerMessage(1012, LogLevel.Warning, "What is watched cannot be read ({Reason}); going on with what is known")]
    public static partial void InterestNotRead(this ILogger logger, string reason);

    [LoggerMessage(1013, LogLevel.Debug, "Requests to read somebody soon cannot be followed ({Reason}); retrying")]
    public static partial void HintsNotFollowed(this ILogger logger, string reason);
}
