using System.Text.Json;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// What the page at <c>/playground/</c> does to the simulation. It exists only while Graph is simulated; anything else
/// answers 404. Only the hub's own pages may use it: it needs a token in a header, refuses other origins, and takes
/// bodies of JSON only. CORS is not answered here, so a browser sends nothing of this from another origin.
/// </summary>
internal static class PlaygroundEndpoints
{
    /// <summary>Far more than two words need.</summary>
    private const int MaxBodyBytes = 1024;

    public static void MapPlayground(this WebApplication app, Simulation simulation)
    {
        if (app.Services.GetRequiredService<IOptions<GraphOptions>>().Value.Mode is not GraphMode.Emulator)
        {
            return;
        }

        var emulator = ActivatorUtilities.CreateInstance<PlaygroundEmulator>(app.Services);
        app.Lifetime.ApplicationStopped.Register(emulator.Dispose);
        var control = app.MapGroup("/playground/control")
            .RequireAuthorization()
            .ExcludeFromDescription()
            .AddEndpointFilter(AnswerOwnPagesAsync);
        control.MapGet("/", (HttpContext context, CancellationToken aborted) =>
            StateAsync(context, emulator, simulation, aborted)
        );
        control.MapPut("/faults", (HttpContext context, CancellationToken aborted) =>
            SetFaultsAsync(context, emulator, simulation, aborted)
        );
        control.MapPut("/people/{id:guid}/presence", (Guid id, HttpContext context) =>
            ShowAsync(id, context, emulator)
        );
        control.MapDelete("/people/{id:guid}/presence", async (Guid id, CancellationToken aborted) =>
            Found(await emulator.TryReleaseAsync(id, aborted))
        );
        control.MapPost("/store/restart", (HttpContext context, CancellationToken _) =>
            RestartStoreAsync(context, simulation)
        );
    }

    private static async ValueTask<object?> AnswerOwnPagesAsync(
        EndpointFilterInvocationContext invocation,
        EndpointFilterDelegate next
    )
    {
        var (request, response) = (invocation.HttpContext.Request, invocation.HttpContext.Response);
        response.Headers.CacheControl = "no-store";
        var origin = request.Headers.Origin;
        if (origin.Count > 0 && WebOrigin.TryParse(origin.ToString())?.IsAt(request.Host) is not true)
        {
            return Problems.Of(StatusCodes.Status403Forbidden, "Only the hub's own pages may change the simulation");
        }

        try
        {
            return await next(invocation);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or TaskCanceledException
                && !invocation.HttpContext.RequestAborted.IsCancellationRequested
            )
        {
            return Problems.RetryLater(StatusCodes.Status503ServiceUnavailable, "The emulator does not answer");
        }
    }

    private static async Task<IResult> StateAsync(
        HttpContext context,
        PlaygroundEmulator emulator,
        Simulation simulation,
        CancellationToken aborted
    )
    {
        var (graphIsAway, notificationsAreLost) = await emulator.ReadFaultsAsync(aborted);
        var polling = context.RequestServices.GetRequiredService<IOptions<PollingOptions>>().Value;
        var store = context.RequestServices.GetRequiredService<IOptions<StoreOptions>>().Value;
        return TypedResults.Ok(
            new PlaygroundState(
                graphIsAway,
                notificationsAreLost,
                simulation.HasStore,
                polling.Enabled ? polling.Period.TotalSeconds : null,
                store.StaleAfter.TotalSeconds
            )
        );
    }

    private static async Task<IResult> SetFaultsAsync(
        HttpContext context,
        PlaygroundEmulator emulator,
        Simulation simulation,
        CancellationToken aborted
    )
    {
        var (faults, problem) = await ReadAsync<PlaygroundFaults>(context);
        if (faults is null)
        {
            return problem!;
        }

        await emulator.ChangeFaultsAsync(faults.GraphIsAway, faults.NotificationsAreLost, aborted);
        return await StateAsync(context, emulator, simulation, aborted);
    }

    private static async Task<IResult> ShowAsync(Guid id, HttpContext context, PlaygroundEmulator emulator)
    {
        var (presence, problem) = await ReadAsync<PlaygroundPresence>(context);
        if (presence is null)
        {
            return problem!;
        }

        return presence.Problem() is { } wrong
            ? Problems.Of(StatusCodes.Status400BadRequest, wrong)
            : Found(await emulator.TryShowAsync(id, presence, context.RequestAborted));
    }

    private static async Task<IResult> RestartStoreAsync(HttpContext context, Simulation simulation)
    {
        if (!context.Request.HasJsonContentType())
        {
            return NotJson();
        }

        return await simulation.TryRestartStoreAsync()
            ? TypedResults.NoContent()
            : Problems.Of(
                StatusCodes.Status409Conflict,
                simulation.HasStore
                    ? "The store is being restarted already"
                    : "The store is a server of its own (Redis:ConnectionString); restart it there"
            );
    }

    /// <summary>The body, or what is wrong with it.</summary>
    private static async Task<(T? Body, IResult? Problem)> ReadAsync<T>(HttpContext context)
        where T : class
    {
        if (!context.Request.HasJsonContentType())
        {
            return (null, NotJson());
        }

        if (await BoundedBody.TryReadAsync(context.Request, MaxBodyBytes, context.RequestAborted) is not { } body)
        {
            return (null, BoundedBody.TooLong(MaxBodyBytes));
        }

        try
        {
            return JsonSerializer.Deserialize<T>(body.Span, JsonSerializerOptions.Web) is { } read
                ? (read, null)
                : (null, Problems.Of(StatusCodes.Status400BadRequest, "The body must be an object"));
        }
        catch (JsonException exception)
        {
            var place = exception.Path is { Length: > 2 } path ? path[2..] : null;
            return (
                null,
                Problems.Of(
                    StatusCodes.Status400BadRequest,
                    place is null ? "The body must be a JSON object" : $"{place} has the wrong type"
                )
            );
        }
    }

    private static IResult NotJson() =>
        Problems.Of(StatusCodes.Status415UnsupportedMediaType, "The body must be application/json");

    private static IResult Found(bool found) =>
        found
            ? TypedResults.NoContent()
            : Problems.Of(StatusCodes.Status404NotFound, "The simulation has no person of this id");
}
