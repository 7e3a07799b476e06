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

        var from = 0;
        if (
            context.Request.Query["$skiptoken"].ToString() is { Length: > 0 } token
            && !int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out from)
        )
        {
            return GraphError.BadRequest(
                "Directory_ExpiredPageToken",
                "The specified page token value has expired and can no longer be included in your request."
            );
        }

        var (caller, select) = (context.Caller(), Select(context.Request));
        var (query, error) = UserQuery.Read(context.Request);
        if (error is not null)
        {
            return error;
        }

        if (query.ReadsAllProperties && !ReadsAll(caller))
        {
            return GraphError.Forbidden();
        }

        int[] page = [.. query.IndexesIn(company).Skip(from).Take(top + 1)];
        int? count =
            query.IsCounted && from is 0
                ? query.IndexesIn(company).Count(index => board.Exists(company.IdOf(index)))
                : null;
        return new GraphResult(json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{address.Origin}/v1.0/$metadata#users");
            if (count is { } all)
            {
                json.WriteNumber("@odata.count", all);
            }

            if (page.Length > top)
            {
                json.WriteString("@odata.nextLink", NextLink(context.Request, address, from + top));
            }

            json.WriteStartArray("value");
            foreach (var index in page.Take(top))
            {
                if (company.Describe(index) is var person && board.Exists(person.Id))
                {
                    Write(json, person, caller, select);
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static string NextLink(HttpRequest request, EmulatorAddress address, int from)
    {
        var query = request
            .Query.Where(parameter => parameter.Key != "$skiptoken")
            .Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value.ToString())}");
        return $"{address.Origin}{request.Path}?{string.Join('&', query.Append($"$skiptoken={from}"))}";
    }

    private static IResult Get(string id, HttpContext context, Company company, PresenceBoard board)
    {
        if (!MayReadUsers(context.Caller()))
        {
            return GraphError.Forbidden();
        }

        if (company.TryFind(id, out var index) && board.Exists(company.IdOf(index)))
        {
            return new GraphResult(json =>
                Write(json, company.Describe(index), context.Caller(), Select(context.Request))
            );
        }

        return Guid.TryParse(id, out var account) && company.IsServiceAccount(account)
            ? new GraphResult(json =>
                Write(json, company.DescribeServiceAccount(account), context.Caller(), Select(context.Request))
            )
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

    /// <summary>Basic properties and photos, for applications and signed-in users alike.</summary>
    internal static bool MayReadUsers(GraphCaller caller) =>
        caller.HasAny("User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All");

    /// <summary>Also the properties that are not basic.</summary>
    private static bool ReadsAll(GraphCaller caller) =>
        caller.HasAny("User.Read.All", "User.ReadWrite.All", "Directory.Read.All");

    private static HashSet<string>? Select(HttpRequest request) =>
        request.Query["$select"].ToString() is { Length: > 0 } select
            ? [.. select.Split(',', StringSplitOptions.TrimEntries)]
            : null;

    /// <param name="json">Receives the person.</param>
    /// <param name="person">The person.</param>
    /// <param name="caller">One with <c>User.ReadBasic.All</c> alone gets null for what is not basic.</param>
    /// <param name="select">The properties to write; null for all.</param>
    private static void Write(Utf8JsonWriter json, Person person, GraphCaller caller, HashSet<string>? select)
    {
        var readsAll = ReadsAll(caller);
        json.WriteStartObject();
        Property("id", person.Id.ToString());
        Property("displayName", person.DisplayName);
        Property("givenName", person.GivenName);
        Property("surname", person.Surname);
        Property("userPrincipalName", person.UserPrincipalName);
        Property("mail", person.UserPrincipalName);
        Property("department", readsAll ? person.Department : null);
        Property("jobTitle", readsAll ? person.JobTitle : null);
        json.WriteEndObject();

        void Property(string name, string? value)
        {
            if (select is null || select.Contains(name))
            {
                json.WriteString(name, value);
            }
        }
    }
}
