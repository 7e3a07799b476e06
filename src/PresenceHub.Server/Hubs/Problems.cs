using System.Globalization;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Hubs;

/// <summary>Errors over HTTP: RFC 9457 problem details that carry the stable code.</summary>
internal static class Problems
{
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromSeconds(1);

    /// <summary>The code that belongs to a status.</summary>
    public static string CodeOf(int status) =>
        status switch
        {
            StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => ErrorCode.Unauthorized,
            StatusCodes.Status413PayloadTooLarge => ErrorCode.LimitExceeded,
            StatusCodes.Status429TooManyRequests or >= StatusCodes.Status500InternalServerError =>
                ErrorCode.Unavailable,
            _ => ErrorCode.InvalidRequest,
        };

    /// <summary>An answer that says when to come back.</summary>
    /// <param name="limit">Name of the quota that is exceeded, if one is.</param>
    public static IResult RetryLater(
        HttpContext context,
        int status,
        string detail,
        TimeSpan? retryAfter = null,
        string? limit = null
    )
    {
        var seconds = (int)
            Math.Ceiling((retryAfter is { } time && time > ShortestRetry ? time : ShortestRetry).TotalSeconds);
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var extensions = new Dictionary<string, object?> { ["code"] = ErrorCode.Unavailable };
        if (limit is not null)
        {
            extensions["limit"] = limit;
        }

        return TypedResults.Problem(detail, statusCode: status, extensions: extensions);
    }

    public static IResult Of(int status, string detail, string? code = null) =>
        TypedResults.Problem(
            detail,
            statusCode: status,
            extensions: new Dictionary<string, object?> { ["code"] = code ?? CodeOf(status) }
        );
}
