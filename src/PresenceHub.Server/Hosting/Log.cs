namespace PresenceHub.Server.Hosting;

internal static partial class Log
{
    [LoggerMessage(
        7001,
        LogLevel.Information,
        "This node is going away: {Connections} clients are asked to reconnect elsewhere within {Seconds} s (a second signal ends it at once)"
    )]
    public static partial void Draining(this ILogger logger, int connections, double seconds);

    [LoggerMessage(7002, LogLevel.Information, "Drained; {Connections} clients are left")]
    public static partial void Drained(this ILogger logger, int connections);

    [LoggerMessage(7003, LogLevel.Error, "Draining failed; the remaining clients are disconnected")]
    public static partial void DrainFailed(this ILogger logger, Exception exception);

    [LoggerMessage(7004, LogLevel.Warning, "{Count} settings do not exist and are ignored: {Settings}")]
    public static partial void UnknownSettings(this ILogger logger, string settings, int count);

    [LoggerMessage(
        7005,
        LogLevel.Error,
        "A request failed: {Method} {Route} ({Others} others failed since the last such line)"
    )]
    public static partial void RequestFailed(
        this ILogger logger,
        Exception exception,
        string method,
        string route,
        long others
    );

    [LoggerMessage(
        7006,
        LogLevel.Warning,
        "{Count} settings have no effect, because this server contains no emulator: {Settings}"
    )]
    public static partial void UnusedEmulatorSettings(this ILogger logger, string settings, int count);

    [LoggerMessage(
        7020,
        LogLevel.Warning,
        "ASPNETCORE_FORWARDEDHEADERS_ENABLED is ignored, since it trusts every sender; name the proxies in Http:KnownProxies"
    )]
    public static partial void ForwardedHeadersIgnored(this ILogger logger);

    [LoggerMessage(
        7021,
        LogLevel.Warning,
        "Refused a page of {Origin}; if it may use the hub, add its origin to Http:AllowedOrigins ({LeftOut} refusals before were not logged)"
    )]
    public static partial void OriginRefused(this ILogger logger, string origin, long leftOut);

    [LoggerMessage(
        7022,
        LogLevel.Warning,
        "Settings files cannot be watched ({Reason}); they are checked every four seconds instead. The limits are fs.inotify.max_user_instances and max_user_watches"
    )]
    public static partial void SettingsPolled(this ILogger logger, string reason);

    [LoggerMessage(
        7030,
        LogLevel.Warning,
        "Redis:ConnectionString and ConnectionStrings:Redis differ; Redis:ConnectionString is used and the other is ignored"
    )]
    public static partial void RedisSettingsDiffer(this ILogger logger);

    [LoggerMessage(
        7031,
        LogLevel.Warning,
        "Redis may evict what the hub keeps (maxmemory-policy {Policy}), and presence would be missing until it is read again; set noeviction"
    )]
    public static partial void RedisEvicts(this ILogger logger, string policy);

    [LoggerMessage(
        7032,
        LogLevel.Warning,
        "Redis uses {UsedMegabytes} of {MaxMegabytes} MB (maxmemory); when it is full, no change can be stored"
    )]
    public static partial void RedisIsNearlyFull(this ILogger logger, long usedMegabytes, long maxMegabytes);
}
