using System.Xml;
using PresenceHub.GraphEmulator.Requests;
using PresenceHub.GraphEmulator.Throttling;

namespace PresenceHub.GraphEmulator.Presences;

internal static class PresenceWriteEndpoints
{
    private static readonly TimeSpan ShortestSession = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestSession = TimeSpan.FromHours(4);

    private static readonly PresenceState[] SessionStates =
    [
        PresenceState.Available,
        PresenceState.InACall,
        PresenceState.InAConferenceCall,
        PresenceState.Away,
        PresenceState.Presenting,
    ];

    private static readonly PresenceState[] PreferredStates =
    [
        PresenceState.Available,
        PresenceState.Busy,
        PresenceState.DoNotDisturb,
        PresenceState.BeRightBack,
        PresenceState.Away,
        PresenceState.OffWork,
    ];

    public static void MapPresenceWrites(this IEndpointRouteBuilder graph)
    {
        var presence = graph.MapGroup("/users/{id:guid}/presence");
        presence.MapPost("/setPresence", SetSession).Operation(new Operation("setPresence", Budget.Presence));
        presence.MapPost("/clearPresence", ClearSession).Operation(new Operation("clearPresence", Budget.Presence));
        presence
            .MapPost("/setUserPreferredPresence", SetPreferred)
            .Operation(new Operation("setUserPreferredPresence", Budget.Presence));
        presence
            .MapPost("/clearUserPreferredPresence", ClearPreferred)
            .Operation(new Operation("clearUserPreferredPresence", Budget.Presence));
        presence
            .MapPost("/setStatusMessage", SetStatusMessage)
            .Operation(new Operation("setStatusMessage", Budget.Presence));
    }

    private static Task<IResult> SetSession(
        Guid id,
        HttpContext context,
        PresenceBoard board,
        GraphEmulatorOptions options
    )
    {
        return WriteAsync(id, context, body =>
        {
            if (SessionId(body, context, options) is not { } session)
            {
                return WrongSessionId;
            }

            if (State(body, SessionStates) is not { } state)
            {
                return InvalidArgument("The provided [Availability] and [Activity] are not a supported combination.");
            }

            if (
                !TryDuration(body, ShortestSession, out var duration)
                || duration < ShortestSession
                || duration > LongestSession
            )
            {
                return InvalidArgument("The provided [ExpirationDuration] is out of range.");
            }

            return Done(
                board.TryChangeSessions(id, (sessions, now) =>
                    sessions.Set(session, new PresenceSession(state, now, now + duration))
                )
            );
        });
    }

    private static Task<IResult> ClearSession(
        Guid id,
        HttpContext context,
        PresenceBoard board,
        GraphEmulatorOptions options
    )
    {
        return WriteAsync(id, context, body =>
        {
            if (SessionId(body, context, options) is not { } session)
            {
                return WrongSessionId;
            }

            var found = false;
            return board.TryChangeSessions(id, (sessions, now) => found = sessions.Clear(session, now)) && found
                ? Results.Ok()
                : GraphError.NotFound("The presence session was not found.");
        });
    }

    private static Task<IResult> SetPreferred(Guid id, HttpContext context, PresenceBoard board)
    {
        return WriteAsync(id, context, body =>
        {
            if (State(body, PreferredStates) is not { } state)
            {
                return InvalidArgument("The provided [Availability] and [Activity] are not a supported combination.");
            }

            var usual = TimeSpan.FromDays(state == PresenceState.DoNotDisturb || state == PresenceState.Busy ? 1 : 7);
            if (!TryDuration(body, usual, out var duration) || duration <= TimeSpan.Zero)
            {
                return InvalidArgument("The provided [ExpirationDuration] is out of range.");
            }

            return Done(
                board.TryChangeSessions(id, (sessions, now) =>
                    sessions.SetPreferred(new PresenceSession(state, now, now + duration))
                )
            );
        });
    }

    private static IResult ClearPreferred(Guid id, HttpContext context, PresenceBoard board) =>
        Refusal(id, context.Caller()) ?? Done(board.TryChangeSessions(id, (sessions, _) => sessions.ClearPreferred()));

    private static Task<IResult> SetStatusMessage(Guid id, HttpContext context, PresenceBoard board, TimeProvider time)
    {
        return WriteAsync(id, context, body =>
        {
            var content = body.Object("statusMessage")?.Object("message")?.Text("content");
            var expiry = body.Object("statusMessage")?.Object("expiryDateTime");
            var message = string.IsNullOrEmpty(content)
                ? null
                : new StatusMessage(content, expiry?.Text("dateTime"), expiry?.Text("timeZone"), time.GetUtcNow());
            return Done(board.TrySetStatusMessage(id, message));
        });
    }

    private static async Task<IResult> WriteAsync(Guid id, HttpContext context, Func<RequestBody, IResult> write)
    {
        return Refusal(id, context.Caller())
            ?? (
                await RequestBody.ReadAsync(context.Request, context.RequestAborted) is { } body
                    ? write(body)
                    : RequestBody.Malformed
            );
    }

    private static GraphError? Refusal(Guid id, GraphCaller caller)
    {
        if (!caller.HasAny(caller.IsDelegated ? "Presence.ReadWrite" : "Presence.ReadWrite.All"))
        {
            return GraphError.Forbidden();
        }

        return caller.AccountId is { } account && account != id
            ? new GraphError(
                StatusCodes.Status401Unauthorized,
                "Unauthorized",
                "Cannot set the presence of another user."
            )
            : null;
    }

    private static Guid? SessionId(RequestBody body, HttpContext context, GraphEmulatorOptions options) =>
        Guid.TryParse(body.Text("sessionId"), out var id)
        && (!options.Switches.RequireApplicationSessionId || id == context.Caller().ApplicationId)
            ? id
            : null;

    private static PresenceState? State(RequestBody body, PresenceState[] allowed)
    {
        foreach (var state in allowed)
        {
            if (
                state.Availability.Equals(body.Text("availability"), StringComparison.OrdinalIgnoreCase)
                && state.Activity.Equals(body.Text("activity"), StringComparison.OrdinalIgnoreCase)
            )
            {
                return state;
            }
        }

        return null;
    }

    private static bool TryDuration(RequestBody body, TimeSpan usual, out TimeSpan duration)
    {
        duration = usual;
        if (!body.Has("expirationDuration"))
        {
            return true;
        }

        try
        {
            duration = XmlConvert.ToTimeSpan(body.Text("expirationDuration") ?? "");
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static GraphError WrongSessionId =>
        InvalidArgument("The provided [SessionId] must be the id of the calling application.");

    private static IResult Done(bool found) => found ? Results.Ok() : GraphError.NotFound("User not found.");

    private static GraphError InvalidArgument(string message) => GraphError.BadRequest("InvalidArgument", message);
}
