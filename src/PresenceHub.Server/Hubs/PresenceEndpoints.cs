using System.Globalization;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>Reads over HTTP, under the same policy and limits as the hub.</summary>
internal static class PresenceEndpoints
{
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromSeconds(1);

    public static void MapPresence(this IEndpointRouteBuilder app)
    {
        var presence = app.MapGroup("/api/presence").RequireAuthorization().AddEndpointFilter(async (context, next) =>
        {
            context.HttpContext.Response.Headers.CacheControl = "no-store";
            return await next(context);
        });
        presence.MapGet("/", GetAsync);
        presence.MapPost("/", PostAsync);
    }

    private static Task<IResult> GetAsync(HttpContext context, PresenceReads reads, CallRateLimit rateLimit, Admissions admissions, string? ids = null) =>
        string.IsNullOrEmpty(ids)
            ? Task.FromResult(Problems.Of(StatusCodes.Status400BadRequest, "ids must name at least one id; several are separated by commas"))
            : AnswerAsync(context, reads, rateLimit, admissions, ids.Split(','));

    private static async Task<IResult> PostAsync(HttpContext context, PresenceReads reads, CallRateLimit rateLimit, Admissions admissions)
    {
        var (ids, problem) = await PresenceRequestReader.ReadAsync(context.Request, context.RequestAborted);
        return problem ?? await AnswerAsync(context, reads, rateLimit, admissions, ids);
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext context, PresenceReads reads, CallRateLimit rateLimit, Admissions admissions, IReadOnlyList<string?>? ids)
    {
        if (!WatcherClaims.TryRead(context.User, out var watcher))
        {
            return Problems.Of(StatusCodes.Status403Forbidden, "The token names no tenant (tid) or no user (oid or sub)");
        }

        if (!rateLimit.TryTake($"{watcher.TenantId}/{watcher.Id}"))
        {
            return RetryLater(context, StatusCodes.Status429TooManyRequests, $"Too many calls; {rateLimit.CallsPerSecond} per second are possible");
        }

        var asked = Math.Min(ids?.Count ?? 0, rateLimit.MaxIdsPerCall);
        if (asked > 0 && await admissions.Ids.EnterAsync(asked, context.RequestAborted) is { } retryAfter)
        {
            return RetryLater(context, StatusCodes.Status503ServiceUnavailable, "More is asked of this node than it can answer", retryAfter);
        }

        try
        {
            return TypedResults.Ok(await reads.ReadAsync(watcher, ids, context.RequestAborted));
        }
        catch (CallRejectedException exception)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, exception.Message, exception.Code);
        }
        catch (StoreUnavailableException)
        {
            return RetryLater(context, StatusCodes.Status503ServiceUnavailable, "Presence cannot be read at present");
        }
    }

    private static IResult RetryLater(HttpContext context, int status, string detail, TimeSpan? retryAfter = null)
    {
        var seconds = (int)Math.Ceiling((retryAfter ?? ShortestRetry).TotalSeconds);
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Problems.Of(status, detail, ErrorCode.Unavailable);
    }
}
