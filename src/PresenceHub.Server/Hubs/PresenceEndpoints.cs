using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>Reads over HTTP, under the same policy and limits as the hub.</summary>
internal static class PresenceEndpoints
{
    public const string ReadPresence = "readPresence";
    public const string ReadPresenceOfMany = "readPresenceOfMany";

    public static void MapPresence(this IEndpointRouteBuilder app)
    {
        var presence = app.MapGroup("/api/presence")
            .RequireAuthorization()
            .AddEndpointFilter(
                async (context, next) =>
                {
                    context.HttpContext.Response.Headers.CacheControl = "no-store";
                    return await next(context);
                }
            );
        Describe(presence.MapGet("/", GetAsync), ReadPresence, "Reads presence once");
        Describe(presence.MapPost("/", PostAsync), ReadPresenceOfMany, "Reads presence of many people once")
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint.WithName(name).WithSummary(summary).Produces<WatchResult>().ProducesCallProblems();

    private static Task<IResult> GetAsync(
        HttpContext context,
        PresenceCalls calls,
        CallLimits limits,
        string? ids = null
    ) =>
        HttpCalls.AnswerAsync(context, limits, watcher =>
            AnswerAsync(context, calls, limits, watcher, HttpCalls.Split(ids))
        );

    private static Task<IResult> PostAsync(
        HttpContext context,
        PresenceCalls calls,
        CallLimits limits,
        IOptions<WatchListOptions> watchLists
    ) => HttpCalls.AnswerAsync(context, limits, async watcher =>
        {
            var (ids, problem) = await PresenceRequestReader.ReadAsync(
                context.Request,
                MessageSize.MaxBytes(watchLists.Value),
                context.RequestAborted
            );
            return problem ?? await AnswerAsync(context, calls, limits, watcher, ids);
        });

    private static async Task<IResult> AnswerAsync(
        HttpContext context,
        PresenceCalls calls,
        CallLimits limits,
        Watcher watcher,
        IReadOnlyList<string?>? ids
    )
    {
        var usage = limits.UsageOf(watcher, context.User);
        await limits.AdmitAsync(usage, ids?.Count ?? 0, context.RequestAborted);
        return TypedResults.Ok(await calls.GetAsync(usage, ids, context.RequestAborted));
    }
}
