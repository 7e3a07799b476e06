using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;
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
        endpoint
            .WithName(name)
            .WithSummary(summary)
            .Produces<WatchResult>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static Task<IResult> GetAsync(
        HttpContext context,
        PresenceCalls calls,
        CallLimits limits,
        string? ids = null
    ) =>
        AnswerAsync(context, calls, limits, () =>
            Task.FromResult<(IReadOnlyList<string?>?, IResult?)>(
                string.IsNullOrEmpty(ids)
                    ? (
                        null,
                        Problems.Of(
                            StatusCodes.Status400BadRequest,
                            "ids must name at least one id; several are separated by commas"
                        )
                    )
                    : (ids.Split(','), null)
            )
        );

    private static Task<IResult> PostAsync(
        HttpContext context,
        PresenceCalls calls,
        CallLimits limits,
        IOptions<WatchListOptions> watchLists
    ) =>
        AnswerAsync(context, calls, limits, () =>
            PresenceRequestReader.ReadAsync(
                context.Request,
                MessageSize.MaxBytes(watchLists.Value),
                context.RequestAborted
            )
        );

    /// <summary>Counts the call before its ids are read, so that a malformed call counts too.</summary>
    private static async Task<IResult> AnswerAsync(
        HttpContext context,
        PresenceCalls calls,
        CallLimits limits,
        Func<Task<(IReadOnlyList<string?>? Ids, IResult? Problem)>> readIds
    )
    {
        if (!WatcherClaims.TryRead(context.User, out var watcher))
        {
            return Problems.Of(
                StatusCodes.Status403Forbidden,
                "The token names no tenant (tid) or no user (oid or sub)"
            );
        }

        try
        {
            limits.CheckRate($"{watcher.TenantId}/{watcher.Id}");
            var (ids, problem) = await readIds();
            if (problem is not null)
            {
                return problem;
            }

            var usage = limits.UsageOf(watcher, context.User);
            await limits.AdmitAsync(usage, ids?.Count ?? 0, context.RequestAborted);
            return TypedResults.Ok(await calls.GetAsync(usage, ids, context.RequestAborted));
        }
        catch (QuotaExceededException exception)
        {
            return Problems.RetryLater(
                StatusCodes.Status429TooManyRequests,
                exception.Message,
                exception.RetryAfter,
                exception.Limit
            );
        }
        catch (NodeBusyException exception)
        {
            return Problems.RetryLater(
                StatusCodes.Status503ServiceUnavailable,
                exception.Message,
                exception.RetryAfter
            );
        }
        catch (CallRejectedException exception)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, exception.Message, exception.Code);
        }
        catch (StoreUnavailableException)
        {
            return Problems.RetryLater(StatusCodes.Status503ServiceUnavailable, "Presence cannot be read at present");
        }
    }
}
