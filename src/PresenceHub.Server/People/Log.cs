namespace PresenceHub.Server.People;

internal static partial class Log
{
    [LoggerMessage(
        11_001,
        LogLevel.Warning,
        "Graph refuses to answer about people; grant the hub the application permission User.ReadBasic.All, or set "
            + "People:Enabled to false. Clients get 501; asking again in a minute"
    )]
    public static partial void PeopleRefused(this ILogger logger);

    [LoggerMessage(
        11_002,
        LogLevel.Warning,
        "Could not read people ({Reason}); clients get 503 and retry. {Others} others failed since the last such line"
    )]
    public static partial void PeopleNotRead(this ILogger logger, string reason, long others);

    [LoggerMessage(
        11_003,
        LogLevel.Warning,
        "Graph refuses to list a department; grant the hub the application permission User.Read.All. Clients get 501 "
            + "for departments only; asking again in a minute"
    )]
    public static partial void DepartmentsRefused(this ILogger logger);
}
