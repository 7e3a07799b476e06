using System.Globalization;
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

    /// <summary>The most people that a search answers.</summary>
    public const int MaxTop = GraphPeople.MaxFound;

    public const int DefaultTop = 10;

    /// <summary>As long as the longest address.</summary>
    private const int MaxSearchLength = 320;

    public static void MapPeople(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/people", GetAsync)
            .RequireAuthorization()
            .WithName(FindPeople)
            .WithSummary("Finds people by id, address or name")
            .Produces<PeopleResult>()
            .ProducesCallProblems()
            .ProducesProblem(StatusCodes.Status501NotImplemented);

    private static Task<IResult> GetAsync(
        HttpContext context,
        PeopleCalls calls,
        PeopleSearch searches,
        PeopleSupport support,
        CallLimits limits,
        string? ids = null,
        string? emails = null,
        string? search = null,
        string? top = null
    )
    {
        context.Response.Headers.CacheControl = "no-store";
        return HttpCalls.AnswerAsync(context, limits, watcher => PeopleAnswers.AnswerAsync(support, async () =>
            {
                var usage = limits.UsageOf(watcher, context.User);
                return (
                    string.IsNullOrEmpty(ids),
                    string.IsNullOrEmpty(emails),
                    string.IsNullOrWhiteSpace(search)
                ) switch
                {
                    (false, true, true) => await LookUpAsync(KeyKind.Id, "ids", ids!),
                    (true, false, true) => await LookUpAsync(KeyKind.Email, "emails", emails!),
                    (true, true, false) => await SearchAsync(search!.Trim()),
                    _ => Problems.Of(
                        StatusCodes.Status400BadRequest,
                        "Exactly one of ids, emails and search must name people; several ids are separated by commas"
                    ),
                };

                async Task<IResult> LookUpAsync(KeyKind kind, string name, string text)
                {
                    var keys = text.Split(',');
                    await limits.AdmitAsync(usage, keys.Length, context.RequestAborted);
                    return keys.Length <= MaxKeys
                        ? TypedResults.Ok(await calls.LookUpAsync(usage, kind, keys, context.RequestAborted))
                        : Problems.Of(
                            StatusCodes.Status400BadRequest,
                            $"{name} holds {keys.Length} entries; one call may carry {MaxKeys}",
                            ErrorCode.LimitExceeded
                        );
                }

                async Task<IResult> SearchAsync(string text)
                {
                    await limits.AdmitAsync(usage, 1, context.RequestAborted);
                    if (text.Length > MaxSearchLength || text.Any(char.IsControl))
                    {
                        return Problems.Of(
                            StatusCodes.Status400BadRequest,
                            $"search may hold {MaxSearchLength} characters, and no control characters"
                        );
                    }

                    var count = DefaultTop;
                    if (
                        top is not null
                        && (
                            !int.TryParse(top, NumberStyles.None, CultureInfo.InvariantCulture, out count)
                            || count is < 1 or > MaxTop
                        )
                    )
                    {
                        return Problems.Of(StatusCodes.Status400BadRequest, $"top must be a number from 1 to {MaxTop}");
                    }

                    return TypedResults.Ok(await searches.FindAsync(usage, text, count, context.RequestAborted));
                }
            }));
    }
}
