using System.Net.Mime;
using Microsoft.AspNetCore.Mvc;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Hubs.Streams;

/// <summary>Presence as Server-Sent Events, for clients without SignalR.</summary>
internal static class PresenceStreamExtensions
{
    public const string StreamPresence = "streamPresence";

    public static void MapPresenceStream(this IEndpointRouteBuilder app) =>
        app.MapGet(EventStreams.PresencePath, GetAsync)
            .RequireAuthorization()
            .WithName(StreamPresence)
            .WithSummary("Streams presence as Server-Sent Events")
            .Produces<string>(StatusCodes.Status200OK, MediaTypeNames.Text.EventStream)
            .ProducesCallProblems();

    private static Task<IResult> GetAsync(
        HttpContext context,
        PresenceStreamHandler handler,
        CallLimits limits,
        [FromHeader(Name = "Last-Event-ID")] string? lastEventId = null,
        string? ids = null,
        string? cursor = null
    )
    {
        context.Response.Headers.CacheControl = "no-store";
        return HttpCalls.AnswerAsync(context, limits, async watcher =>
        {
            // The header is newer: a browser sends it when it reconnects, with the query of its first request.
            var since = string.IsNullOrEmpty(lastEventId) ? cursor : lastEventId;
            await handler.ServeAsync(context, watcher, new WatchRequest(HttpCalls.Split(ids), since));
            return TypedResults.Empty;
        });
    }
}
