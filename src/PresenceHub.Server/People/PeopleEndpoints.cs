using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Hubs;

namespace PresenceHub.Server.People;

/// <summary>People over HTTP, under the same policy and limits as presence.</summary>
internal static class PeopleEndpoints
{
    public const string FindPeople = "findPeople";

    /// <summary>Ids or addresses in one request.</summary>
    public const int MaxKeys = 100;

    public static void MapPeople(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/people", GetAsync)
            .RequireAuthorization()
            .WithName(FindPeople)
            .WithSummary("Finds people by id or address")
            .Produces<PeopleResult>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status501NotImplemented)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static Task<IResult> GetAsync(
        HttpContext context,
        PeopleCalls calls,
        CallLimits limits,
        string? ids = null,
        string? emails = null
    )
    {
        context.Response.Headers.CacheControl = "no-store";
        return PeopleAnswers.AnswerAsync(context, async watcher =>
        {
            limits.CheckRate($"{watcher.TenantId}/{watcher.Id}");
            if (string.IsNullOrEmpty(ids) == string.IsNullOrEmpty(emails))
            {
                return Problems.Of(
                    StatusCodes.Status400BadRequest,
                    "Either ids or emails must name at least one person; several are separated by commas"
                );
            }

            var (kind, name, text) = string.IsNullOrEmpty(ids)
                ? (KeyKind.Email, "emails", emails!)
                : (KeyKind.Id, "ids", ids);
            var keys = text.Split(',');
            var usage = limits.UsageOf(watcher, context.User);
            await limits.AdmitAsync(usage, keys.Length, context.RequestAborted);
            return keys.Length <= MaxKeys
                ? TypedResults.Ok(await calls.LookUpAsync(usage, kind, keys, context.RequestAborted))
                : Problems.Of(
                    StatusCodes.Status400BadRequest,
                    $"{name} holds {keys.Length} entries; one call may carry {MaxKeys}",
                    ErrorCode.LimitExceeded
                );
        });
    }
}
