namespace PresenceHub.Benchmarks.Peers;

internal static class RawEndpoints
{
    public static void MapRawRooms(this WebApplication app) =>
        app.Map("/presence", async (HttpContext context, RawRooms rooms) =>
            {
                if (!context.WebSockets.IsWebSocketRequest)
                {
                    context.Response.StatusCode = StatusCodes.Status400BadRequest;
                    return;
                }

                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                await rooms.RunAsync(socket, context.RequestAborted);
            })
            .RequireAuthorization();
}
