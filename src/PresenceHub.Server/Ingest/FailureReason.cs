using System.Globalization;
using Microsoft.Graph.Models.ODataErrors;

namespace PresenceHub.Server.Ingest;

/// <summary>Says why something failed, for the log. Graph's own messages are left out: they can name people.</summary>
internal static class FailureReason
{
    public static string Of(Exception exception) =>
        exception switch
        {
            ODataError error => string.Create(
                CultureInfo.InvariantCulture,
                $"Graph answered {error.ResponseStatusCode} {error.Error?.Code}"
            ),
            ReportableException => exception.Message,
            HttpRequestException or StackExchange.Redis.RedisException or TimeoutException =>
                $"{exception.GetType().Name}: {exception.Message}",
            _ => exception.GetType().Name,
        };
}
