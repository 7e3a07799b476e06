using System.Globalization;
using System.Text.Json;
using PresenceHub.GraphEmulator.Hosting;
using PresenceHub.GraphEmulator.Presences;
using PresenceHub.GraphEmulator.Requests;

namespace PresenceHub.GraphEmulator.People;

internal static class UserEndpoints
{
    private const int DefaultPage = 100;
    private const int LargestPage = 999;

    public static void MapUsers(this IEndpointRouteBuilder graph)
    {
        graph.MapGet("/users", List).Operation(new Operation("listUsers"));
        graph.MapGet("/users/{id}", Get).Operation(new Operation("getUser"));
        graph.MapGet("/me", Me).Operation(new Operation("getMe"));
    }

    private static IResult List(HttpContext context, Company company, PresenceBoard board, EmulatorAddress address)
    {
        if (!MayReadUsers(context.Caller()))
        {
            return GraphError.Forbidden();
        }

        var top = DefaultPage;
        if (
            context.Request.Query["$top"].ToString() is { Length: > 0 } text
            && (
                !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out top)
                || top is < 1 or > LargestPage
            )
        )
        {
            return GraphError.BadRequest(
                "Request_UnsupportedQuery",
                "Invalid page size specified. It must be between 1 and 999 inclusive."
            );
        }

        _ = int.TryParse(
            context.Request.Query["$skiptoken"],
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var from
        );
        var select = Select(context.Request);
        return new GraphResult(json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{address.Origin}/v1.0/$metadata#users");
            if (from + top < company.Count)
            {
                var selected = select is null ? "" : $"&$select={string.Join(',', select)}";
                json.WriteString(
                    "@odata.nextLink",
                    $"{address.Origin}{context.Request.Path}?$top={top}{selected}&$skiptoken={from + top}"
                );
            }

            json.WriteStartArray("value");
            for (var index = from; index < Math.Min(from + top, company.Count); index++)
            {
                if (company.Describe(index) is var person && board.Exists(person.Id))
                {
                    Write(json, person, select);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static IResult Get(string id, HttpContext context, Company company, PresenceBoard board)
    {
        if (!MayReadUsers(context.Caller()))
        {
            return GraphError.Forbidden();
        }

        if (company.TryFind(id, out var index) && board.Exists(company.IdOf(index)))
        {
            return new GraphResult(json => Write(json, company.Describe(index), Select(context.Request)));
        }

        return Guid.TryParse(id, out var account) && company.IsServiceAccount(account)
            ? new GraphResult(json => Write(json, company.DescribeServiceAccount(account), Select(context.Request)))
            : new GraphError(
                StatusCodes.Status404NotFound,
                "Request_ResourceNotFound",
                $"Resource '{id}' does not exist."
            );
    }

    private static IResult Me(HttpContext context, Company company, PresenceBoard board) =>
        context.Caller().AccountId is { } account
            ? Get(account.ToString(), context, company, board)
            : GraphError.BadRequest("BadRequest", "/me request is only valid with delegated authentication flow.");

    private static bool MayReadUsers(GraphCaller caller) =>
        caller.IsDelegated
            ? caller.HasAny("User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All")
            : caller.HasAny("User.Read.All", "User.ReadWrite.All", "Directory.Read.All");

    private static HashSet<string>? Select(HttpRequest request) =>
        request.Query["$select"].ToString() is { Length: > 0 } select
            ? [.. select.Split(',', StringSplitOptions.TrimEntries)]
            : null;

    private static void Write(Utf8JsonWriter json, Person person, HashSet<string>? select)
    {
        json.WriteStartObject();
        Property("id", person.Id.ToString());
        Property("displayName", person.DisplayName);
        Property("givenName", person.GivenName);
        Property("surname", person.Surname);
        Property("userPrincipalName", person.UserPrincipalName);
        Property("mail", person.UserPrincipalName);
        Property("department", person.Department);
        Property("jobTitle", person.JobTitle);
        json.WriteEndObject();

        void Property(string name, string value)
        {
            if (select is null || select.Contains(name))
            {
                json.WriteString(name, value);
            }
        }
    }
}
