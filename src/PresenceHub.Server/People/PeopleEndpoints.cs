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

    /// <summary>The most people of a page of a list. A board reads 10,000 people within the burst of calls.</summary>
    public const int MaxPage = 500;

    public const int DefaultPage = 100;

    private const string AfterWithoutList = "after goes with department and all only";

    private const string UnknownAfter =
        "after must be the next of an earlier page of the same list, not long ago; start with the first page again";

    /// <summary>As long as a department of the directory.</summary>
    private const int MaxDepartmentLength = 64;

    /// <summary>As long as the longest address.</summary>
    private const int MaxSearchLength = 320;

    public static void MapPeople(this IEndpointRouteBuilder app) =>
        app.MapGet("/api/people", GetAsync)
            .RequireAuthorization()
            .WithName(FindPeople)
            .WithSummary("Finds people by id, address or name, or lists them")
            .Produces<PeopleResult>()
            .ProducesCallProblems()
            .ProducesProblem(StatusCodes.Status501NotImplemented);

    private static Task<IResult> GetAsync(
        HttpContext context,
        [AsParameters] PeopleQuery query,
        PeopleCalls calls,
        PeopleSearch searches,
        PeopleLists lists,
        PeopleSupport support,
        CallLimits limits
    )
    {
        context.Response.Headers.CacheControl = "no-store";
        return HttpCalls.AnswerAsync(context, limits, watcher => PeopleAnswers.AnswerAsync(support, async () =>
            {
                var usage = limits.UsageOf(watcher, context.User);
                return FormOf(query) switch
                {
                    "ids" => await LookUpAsync(KeyKind.Id, "ids", query.Ids!),
                    "emails" => await LookUpAsync(KeyKind.Email, "emails", query.Emails!),
                    "search" => await SearchAsync(query.Search!.Trim()),
                    "department" => await ListAsync(query.Department!.Trim()),
                    "all" => await ListAsync(null),
                    _ => Invalid(
                        "Exactly one of ids, emails, search, department and all must name people; several ids are "
                            + "separated by commas"
                    ),
                };

                async Task<IResult> LookUpAsync(KeyKind kind, string name, string text)
                {
                    var keys = text.Split(',');
                    await limits.AdmitAsync(usage, keys.Length, context.RequestAborted);
                    if (query.After is not null)
                    {
                        return Invalid(AfterWithoutList);
                    }

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
                        return Invalid($"search may hold {MaxSearchLength} characters, and no control characters");
                    }

                    if (query.After is not null)
                    {
                        return Invalid(AfterWithoutList);
                    }

                    return TryReadTop(query.Top, MaxTop, DefaultTop, out var top)
                        ? TypedResults.Ok(await searches.FindAsync(usage, text, top, context.RequestAborted))
                        : Invalid($"top must be a number from 1 to {MaxTop}");
                }

                async Task<IResult> ListAsync(string? department)
                {
                    await limits.AdmitAsync(usage, 1, context.RequestAborted);
                    if (department is null && query.All is not "true")
                    {
                        return Invalid("all must be true");
                    }

                    if (department is { Length: > MaxDepartmentLength } || department?.Any(char.IsControl) is true)
                    {
                        return Invalid(
                            $"department may hold {MaxDepartmentLength} characters, and no control characters"
                        );
                    }

                    if (!TryReadTop(query.Top, MaxPage, DefaultPage, out var top))
                    {
                        return Invalid($"top must be a number from 1 to {MaxPage}");
                    }

                    PageToken? after = null;
                    if (query.After is not null && !PageToken.TryParse(query.After, out after))
                    {
                        return Invalid(UnknownAfter);
                    }

                    var list = new PeopleList(department, top, after);
                    return await lists.ReadAsync(usage, list, context.RequestAborted) is { } page
                        ? TypedResults.Ok(page)
                        : Invalid(UnknownAfter);
                }
            }));
    }

    /// <summary>The name of the one parameter that names people; null when there is none or more than one.</summary>
    private static string? FormOf(PeopleQuery query)
    {
        string[] forms =
        [
            .. new[]
            {
                ("ids", query.Ids),
                ("emails", query.Emails),
                ("search", query.Search?.Trim()),
                ("department", query.Department?.Trim()),
                ("all", query.All),
            }
                .Where(form => !string.IsNullOrEmpty(form.Item2))
                .Select(form => form.Item1),
        ];
        return forms is [var form] ? form : null;
    }

    private static bool TryReadTop(string? text, int most, int usual, out int top)
    {
        top = usual;
        return text is null
            || (
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out top) && top >= 1 && top <= most
            );
    }

    private static IResult Invalid(string detail) => Problems.Of(StatusCodes.Status400BadRequest, detail);
}
