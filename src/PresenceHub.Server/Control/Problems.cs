using Microsoft.AspNetCore.Http.HttpResults;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Control;

/// <summary>Errors over HTTP: RFC 9457 problem details that carry the stable code.</summary>
internal static class Problems
{
    /// <summary>The code of a status that has no more specific cause.</summary>
    public static string CodeOf(int status) =>
        status switch
        {
            StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => ErrorCode.Unauthorized,
            StatusCodes.Status404NotFound => ErrorCode.NotFound,
            StatusCodes.Status405MethodNotAllowed => ErrorCode.MethodNotAllowed,
            StatusCodes.Status413PayloadTooLarge => ErrorCode.LimitExceeded,
            StatusCodes.Status501NotImplemented => ErrorCode.NotSupported,
            StatusCodes.Status429TooManyRequests or >= StatusCodes.Status500InternalServerError =>
                ErrorCode.Unavailable,
            _ => ErrorCode.InvalidRequest,
        };

    /// <summary>An answer that says when to come back.</summary>
    /// <param name="status">The status: 429 or 503.</param>
    /// <param name="detail">What is wrong, for a person.</param>
    /// <param name="retryAfter">When to come back; null when it is not known.</param>
    /// <param name="limit">Name of the quota that is exceeded, if one is.</param>
    /// <param name="members">Other members of the problem.</param>
    public static IResult RetryLater(
        int status,
        string detail,
        TimeSpan? retryAfter = null,
        string? limit = null,
        Dictionary<string, object?>? members = null
    ) => new RetryLaterAnswer(Create(status, detail, ErrorCode.Unavailable, limit, members), retryAfter);

    /// <summary>An answer with the code of its status, unless another is given. A 429 or 503 says when to come
    /// back.</summary>
    public static IResult Of(int status, string detail, string? code = null)
    {
        var problem = Create(status, detail, code ?? CodeOf(status));
        return RetryLaterAnswer.IsDueFor(status) ? new RetryLaterAnswer(problem, null) : problem;
    }

    /// <summary>The answer for a status that the framework has set without a body.</summary>
    public static IResult Of(int status) => Of(status, DetailOf(status));

    private static ProblemHttpResult Create(
        int status,
        string detail,
        string code,
        string? limit = null,
        Dictionary<string, object?>? members = null
    )
    {
        var extensions = new Dictionary<string, object?>(members ?? []) { ["code"] = code };
        if (limit is not null)
        {
            extensions["limit"] = limit;
        }

        return TypedResults.Problem(detail, statusCode: status, extensions: extensions);
    }

    private static string DetailOf(int status) =>
        status switch
        {
            StatusCodes.Status400BadRequest => "The request is malformed",
            StatusCodes.Status401Unauthorized => "A valid bearer token is needed",
            StatusCodes.Status403Forbidden => "The token does not allow this",
            StatusCodes.Status404NotFound => "There is nothing at this address",
            StatusCodes.Status405MethodNotAllowed => "This address does not support the method of the request",
            StatusCodes.Status406NotAcceptable => "The answer is not available in any of the accepted types",
            StatusCodes.Status413PayloadTooLarge => "The body is too long",
            StatusCodes.Status415UnsupportedMediaType => "The type of the body is not supported",
            >= StatusCodes.Status500InternalServerError => "The request failed on the server",
            _ => "The request is refused",
        };
}
