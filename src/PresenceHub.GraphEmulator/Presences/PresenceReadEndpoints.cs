using PresenceHub.GraphEmulator.Faults;
using PresenceHub.GraphEmulator.Hosting;
using PresenceHub.GraphEmulator.Requests;
using PresenceHub.GraphEmulator.Throttling;

namespace PresenceHub.GraphEmulator.Presences;

internal static class PresenceReadEndpoints
{
    public static void MapPresenceReads(this IEndpointRouteBuilder graph)
    {
        var get = new Operation("getPresence", Budget.Presence);
        graph.MapGet("/users/{id}/presence", Get).Operation(get);
        graph.MapGet("/communications/presences/{id}", Get).Operation(get);
        graph.MapGet("/me/presence", GetOwn).Operation(new Operation("getOwnPresence", Budget.Presence));
        graph
            .MapGet("/communications/presences", () => NotListed)
            .Operation(new Operation("listPresences", Budget.Presence));
        graph
            .MapPost("/communications/getPresencesByUserId", GetByIds)
            .Operation(new Operation("getPresencesByUserId", Budget.Presence));
    }

    private static GraphError NotListed =>
        new(StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", "Pass the user's id.");

    private static IResult Get(
        string id,
        HttpContext context,
        PresenceBoard board,
        PresenceWriter presences,
        EmulatorAddress address,
        GraphEmulatorOptions options
    )
    {
        var caller = context.Caller();
        if (!MayReadOthers(caller))
        {
            return GraphError.Forbidden();
        }

        return Guid.TryParse(id, out var subject) && board.TryRead(subject, out var reading)
            ? One(reading, presences, address, options)
            : GraphError.NotFound("User not found.");
    }

    private static IResult GetOwn(
        HttpContext context,
        PresenceBoard board,
        PresenceWriter presences,
        EmulatorAddress address,
        GraphEmulatorOptions options
    )
    {
        var caller = context.Caller();
        if (caller.AccountId is not { } subject)
        {
            return GraphError.BadRequest("BadRequest", "/me request is only valid with delegated authentication flow.");
        }

        if (!caller.HasAny("Presence.Read", "Presence.Read.All", "Presence.ReadWrite"))
        {
            return GraphError.Forbidden();
        }

        return board.TryRead(subject, out var reading)
            ? One(reading, presences, address, options)
            : GraphError.NotFound("User not found.");
    }

    private static async Task<IResult> GetByIds(
        HttpContext context,
        PresenceBoard board,
        PresenceWriter presences,
        EmulatorAddress address,
        GraphEmulatorOptions options,
        FaultSet faults,
        CancellationToken cancellationToken
    )
    {
        var caller = context.Caller();
        if (!MayReadOthers(caller))
        {
            return GraphError.Forbidden();
        }

        if (await RequestBody.ReadAsync(context.Request, cancellationToken) is not { } body)
        {
            return RequestBody.Malformed;
        }

        if (body.Texts("ids") is not { } ids)
        {
            return GraphError.BadRequest("BadRequest", "The ids collection is missing or invalid.");
        }

        if (ids.Count > options.Limits.IdsPerRead)
        {
            return GraphError.BadRequest("BadRequest", $"At most {options.Limits.IdsPerRead} ids are allowed.");
        }

        var readings = Read(ids, board, options.Switches, faults.Course.Reads);
        return new GraphResult(json =>
        {
            json.WriteStartObject();
            json.WriteString("@odata.context", $"{address.Origin}/v1.0/$metadata#Collection(microsoft.graph.presence)");
            json.WriteStartArray("value");
            foreach (var reading in readings)
            {
                presences.Write(json, reading, options.Switches.SequenceNumberInBulkReads);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static List<PresenceReading> Read(
        List<string> ids,
        PresenceBoard board,
        GraphEmulatorSwitches switches,
        FaultDraws draws
    )
    {
        var readings = new List<PresenceReading>(ids.Count);
        foreach (var id in switches.RepeatDuplicateIds ? ids : ids.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (!Guid.TryParse(id, out var subject))
            {
                continue;
            }

            if (board.TryRead(subject, out var reading) || switches.UnknownSubjects == UnknownSubject.PresenceUnknown)
            {
                readings.Add(reading);
            }
        }

        if (switches.ShuffleBulkReads)
        {
            draws.Shuffle(readings);
        }

        return readings;
    }

    private static GraphResult One(
        PresenceReading reading,
        PresenceWriter presences,
        EmulatorAddress address,
        GraphEmulatorOptions options
    )
    {
        var metadata = $"{address.Origin}/v1.0/$metadata#users('{reading.Id}')/presence/$entity";
        return new GraphResult(json =>
            presences.Write(json, reading, options.Switches.SequenceNumberInReads, metadata)
        );
    }

    private static bool MayReadOthers(GraphCaller caller) =>
        caller.HasAny("Presence.Read.All") || (!caller.IsDelegated && caller.HasAny("Presence.ReadWrite.All"));
}
