namespace PresenceHub.Server.Control;

internal static partial class Log
{
    [LoggerMessage(8001, LogLevel.Information, "Audit: {Act} by {Actor} on {Target}: {Outcome}")]
    public static partial void Audited(this ILogger logger, string act, string actor, string target, string outcome);
}
