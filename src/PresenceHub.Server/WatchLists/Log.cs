namespace PresenceHub.Server.WatchLists;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Warning, "What is watched on this node could not be written ({Reason}); retrying")]
    public static partial void InterestNotWritten(this ILogger logger, string reason);

    [LoggerMessage(
        3002,
        LogLevel.Information,
        "What was watched on this node could not be released ({Reason}); it expires by itself"
    )]
    public static partial void InterestNotReleased(this ILogger logger, string reason);

    [LoggerMessage(
        3003,
        LogLevel.Information,
        "The operator's policy has changed: {HiddenSubjects} people are hidden, {DeniedWatchers} watchers see no one"
    )]
    public static partial void PolicyChanged(this ILogger logger, int hiddenSubjects, int deniedWatchers);

    [LoggerMessage(
        3004,
        LogLevel.Error,
        "The operator's policy cannot be read ({Reason}); the one before stays in force"
    )]
    public static partial void PolicyNotRead(this ILogger logger, string reason);

    [LoggerMessage(
        3005,
        LogLevel.Error,
        "What is watched could not be reviewed; the next review asks the policy again"
    )]
    public static partial void ReviewFailed(this ILogger logger, Exception exception);

    [LoggerMessage(3006, LogLevel.Information, "The policy withdrew {Subjects} subjects from watch lists of this node")]
    public static partial void Revoked(this ILogger logger, int subjects);

    [LoggerMessage(
        3007,
        LogLevel.Warning,
        "Could not exchange the usage of watchers with the other nodes ({Reason}); until it succeeds, quotas hold for each node alone"
    )]
    public static partial void QuotasNotExchanged(this ILogger logger, string reason);
}
