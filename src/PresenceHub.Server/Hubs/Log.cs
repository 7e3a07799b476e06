namespace PresenceHub.Server.Hubs;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Error, "Hub method {Method} failed")]
    public static partial void CallFailed(this ILogger logger, Exception exception, string method);

    [LoggerMessage(
        5002,
        LogLevel.Debug,
        "Could not ask for a refresh of unwatched subjects ({Reason}); the caller gets the held entries"
    )]
    public static partial void ColdReadNotAsked(this ILogger logger, string reason);

    [LoggerMessage(
        5003,
        LogLevel.Warning,
        "Cannot fetch the signing keys of Authentication:Authority ({Reason}); clients that connect get 503 until it succeeds. Retrying"
    )]
    public static partial void AuthorityNotReached(this ILogger logger, string reason);

    [LoggerMessage(
        5004,
        LogLevel.Information,
        "The signing keys of Authentication:Authority are known; clients are admitted"
    )]
    public static partial void AuthorityReached(this ILogger logger);

    [LoggerMessage(
        5005,
        LogLevel.Warning,
        "A client's token was refused ({ErrorCode}, {ErrorType}); {Others} others were refused since the last such line"
    )]
    public static partial void TokenRefused(this ILogger logger, string errorCode, string errorType, long others);

    [LoggerMessage(
        5010,
        LogLevel.Warning,
        "A person's token has no acct claim, so the hub admits guests although Authentication:AllowGuests is false; add the optional "
            + "claim acct to the access token of the hub's app registration"
    )]
    public static partial void GuestsNotRecognised(this ILogger logger);

    [LoggerMessage(
        5011,
        LogLevel.Warning,
        "A token is signed with an unknown key, and the keys of Authentication:Authority cannot be refreshed; such tokens get 503 "
            + "until it succeeds. {Others} others since the last such line"
    )]
    public static partial void KeysNotRefreshed(this ILogger logger, long others);
}
