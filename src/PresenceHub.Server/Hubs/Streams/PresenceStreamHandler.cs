using System.Net.Mime;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs.Streams;

/// <summary>Serves event streams. A stream is a connection with an outbox and a watch list, as those of the hub are,
/// whose one call comes with the request.</summary>
internal sealed class PresenceStreamHandler(
    Outboxes outboxes,
    ConnectionWatchLists watchLists,
    PresenceCalls calls,
    CallLimits limits,
    PresenceStreams streams,
    IOptions<FanoutOptions> options,
    TimeProvider time
)
{
    /// <summary>Watches the ids of the request until the client leaves. A request that fails before the headers of the
    /// stream leaves nothing behind.</summary>
    /// <exception cref="CallRejectedException">The request is malformed or too large.</exception>
    /// <exception cref="QuotaExceededException">The watcher asks for too much, or holds too many
    /// connections.</exception>
    /// <exception cref="NodeBusyException">All clients together ask for too many ids.</exception>
    /// <exception cref="StoreUnavailableException">The store did not answer, and this node does not hold all
    /// entries.</exception>
    public async Task ServeAsync(HttpContext context, Watcher watcher, WatchRequest request)
    {
        await limits.AdmitAsync(limits.UsageOf(watcher, context.User), request.Ids?.Count ?? 0, context.RequestAborted);
        var stream = new PresenceStream(context, TokenLifetime.EndOf(context), time);
        var outbox = outboxes.OpenHeld(stream, EventStreamProtocol.Instance, ConnectionCapture.DirectFrameBytes);
        try
        {
            if (!watchLists.TryOpen(stream.ConnectionId, watcher, outbox, WatcherClaims.RolesOf(context.User)))
            {
                throw QuotaExceededException.TooManyConnections();
            }

            // The cursor is older than the answer, so that a later resume from it misses no change.
            var cursor = outbox.Cursor;
            var answer = await calls.WatchAsync(
                stream.ConnectionId,
                request,
                hasCursor: cursor != Cursor.Start,
                context.RequestAborted
            );
            await using var aborted = context.RequestAborted.UnsafeRegister(
                static state => ((PresenceStream)state!).End(StreamEnd.Aborted),
                stream
            );
            Prepare(context);
            await stream.StartAsync();
            var snapshot = new WatchAnswer(outbox.Writer, answer.Entries, answer.Rejected, cursor.ToString());
            outbox.Begin(outbox.Writer.Write(EventStreamProtocol.Snapshot, snapshot));
            streams.Add(stream, outbox);
            await stream.Ended;
        }
        finally
        {
            streams.Remove(stream);

            // Close the list first, because closing it uses the outbox.
            watchLists.Close(stream.ConnectionId);
            outboxes.Close(stream.ConnectionId);
            await stream.CloseAsync(outbox.Writer, options.Value.StuckAfter);
        }
    }

    private static void Prepare(HttpContext context)
    {
        context.Response.ContentType = MediaTypeNames.Text.EventStream;
        context.Features.Get<IHttpActivityFeature>()?.Activity.AddTag("http.long_running", "true");
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();

        // The outbox closes and counts a client that accepts nothing. Kestrel would close it before, without a count.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}
