using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>The errors of the administration endpoints, as problem details with a stable code.</summary>
internal static class AccountProblems
{
    public static IResult Refused(int status, string detail) => Of(status, detail, ErrorCode.InvalidRequest);

    public static IResult Forbidden(string detail) =>
        Of(StatusCodes.Status403Forbidden, detail, ErrorCode.Unauthorized);

    public static IResult Unavailable(string detail) =>
        Of(StatusCodes.Status503ServiceUnavailable, detail, ErrorCode.Unavailable);

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Of(int status, string detail, string code) =>
        TypedResults.Problem(
            detail,
            statusCode: status,
            extensions: new Dictionary<string, object?> { ["code"] = code }
        );
}
