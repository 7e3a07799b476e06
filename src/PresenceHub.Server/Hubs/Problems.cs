using PresenceHub.Contracts;

namespace PresenceHub.Server.Hubs;

/// <summary>Errors over HTTP: RFC 9457 problem details that carry the stable code.</summary>
internal static class Problems
{
    /// <summary>The code that belongs to a status.</summary>
    public static string CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => ErrorCode.Unauthorized,
        StatusCodes.Status413PayloadTooLarge => ErrorCode.LimitExceeded,
        StatusCodes.Status429TooManyRequests or >= StatusCodes.Status500InternalServerError => ErrorCode.Unavailable,
        _ => ErrorCode.InvalidRequest,
    };

    public static IResult Of(int status, string detail, string? code = null) => TypedResults.Problem(
        detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code ?? CodeOf(status) });
}
