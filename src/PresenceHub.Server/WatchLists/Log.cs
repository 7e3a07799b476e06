namespace PresenceHub.Server.WatchLists;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Warning, "Could not write the interest of this node ({Reason}); retrying")]
    public static partial void InterestNotWritten(this ILogger logger, string reason);

    [LoggerMessage(
        3002,
        LogLevel.Information,
        "Could not release the interest of this node ({Reason}); it expires on its own"
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
        "The operator's policy cannot be read ({Reason}); the previous policy stays in force"
    )]
    public static partial void PolicyNotRead(this ILogger logger, string reason);

    [LoggerMessage(3005, LogLevel.Error, "Could not review a watch list; the next review asks the policy again")]
    public static partial void ReviewFailed(this ILogger logger, Exception exception);

    [LoggerMessage(3006, LogLevel.Information, "The policy revoked {Subjects} subjects from watch lists of this node")]
    public static partial void Revoked(this ILogger logger, int subjects);

    [LoggerMessage(
        3007,
        LogLevel.Warning,
        "Could not exchange the usage of watchers with the other nodes ({Reason}); until it succeeds, quotas hold for each node alone"
    )]
    public static partial void QuotasNotExchanged(this ILogger logger, string reason);
}
