using System.Text.Json;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Hosting;

/// <summary>Tokens and people for trying the hub out. They exist only while Graph is simulated; anything else answers
/// 404.</summary>
internal static class DevelopmentEndpoints
{
    public const string CreateToken = "createToken";

    private const int UsersPerPage = 999;

    /// <summary>Far more than the only member, a GUID, needs.</summary>
    private const int MaxTokenRequestBytes = 4096;

    public static void MapDevelopment(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<GraphOptions>>().Value.Mode is GraphMode.Emulator)
        {
            app.MapPost("/dev/token", CreateTokenAsync)
                .AllowAnonymous()
                .WithName(CreateToken)
                .WithSummary("Gives a token of the simulated tenant")
                .Produces<DevelopmentToken>()
                .ProducesProblem(StatusCodes.Status400BadRequest)
                .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
                .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
            app.MapGet("/dev/people", ListPeopleAsync)
                .AllowAnonymous()
                .WithName("listPeople")
                .WithSummary("Lists the people of the simulated tenant")
                .Produces<DevelopmentPerson[]>()
                .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static async Task<IResult> CreateTokenAsync(
        HttpContext context,
        EmulatorSignIn signIn,
        IOptions<AuthenticationOptions> authentication
    )
    {
        var (watcherId, problem) = await ReadWatcherIdAsync(context.Request, context.RequestAborted);
        if (problem is not null)
        {
            return problem;
        }

        var (accessToken, expiresIn) = await signIn.SignInAsync(
            $"{watcherId}",
            $"{authentication.Value.Audience}/access",
            context.RequestAborted
        );
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new DevelopmentToken(accessToken, (int)expiresIn.TotalSeconds, watcherId));
    }

    private static async Task<IResult> ListPeopleAsync(GraphClients graph, CancellationToken cancellationToken)
    {
        var people = new List<DevelopmentPerson>();
        var page = await graph.Application.Users.GetAsync(
            request =>
            {
                request.QueryParameters.Top = UsersPerPage;
                request.QueryParameters.Select = ["id", "displayName", "department"];
            },
            cancellationToken
        );
        while (page is not null)
        {
            people.AddRange(
                (page.Value ?? []).Select(user => new DevelopmentPerson(user.Id, user.DisplayName, user.Department))
            );
            page = page.OdataNextLink is { } next
                ? await graph.Application.Users.WithUrl(next).GetAsync(cancellationToken: cancellationToken)
                : null;
        }

        return TypedResults.Ok(people);
    }

    /// <summary>The body may be absent or name a watcher; without one the token is for a new, random watcher.</summary>
    private static async Task<(Guid WatcherId, IResult? Problem)> ReadWatcherIdAsync(
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (request.ContentLength is 0 or null && !request.HasJsonContentType())
            {
                return (Guid.NewGuid(), null);
            }

            if (await BoundedBody.TryReadAsync(request, MaxTokenRequestBytes, cancellationToken) is not { } body)
            {
                return (default, BoundedBody.TooLong(MaxTokenRequestBytes));
            }

            using var document = JsonDocument.Parse(body);
            if (
                document.RootElement.ValueKind is JsonValueKind.Object
                && !document.RootElement.TryGetProperty("watcherId", out _)
            )
            {
                return (Guid.NewGuid(), null);
            }

            return
                document.RootElement.ValueKind is JsonValueKind.Object
                && document.RootElement.GetProperty("watcherId") is { ValueKind: JsonValueKind.String } text
                && text.TryGetGuid(out var watcherId)
                ? (watcherId, null)
                : (default, Problems.Of(StatusCodes.Status400BadRequest, "watcherId must be a GUID"));
        }
        catch (JsonException)
        {
            return (default, Problems.Of(StatusCodes.Status400BadRequest, "The body is not JSON"));
        }
    }
}
