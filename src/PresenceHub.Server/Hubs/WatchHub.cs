using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>The methods that clients call. Their names are part of the protocol.</summary>
[Authorize]
internal sealed class WatchHub(ConnectionWatchLists watchLists, Outboxes outboxes, PresenceCalls calls)
    : Hub<IPresenceClient>
{
    public override Task OnConnectedAsync()
    {
        if (!WatcherClaims.TryRead(Context.User, out var watcher))
        {
            throw new HubException(
                $"{ErrorCode.Unauthorized}: the token names no tenant (tid) or no user (oid or sub)"
            );
        }

        return watchLists.TryOpen(
            Context.ConnectionId,
            watcher,
            outboxes.Find(Context.ConnectionId),
            WatcherClaims.RolesOf(Context.User)
        )
            ? Task.CompletedTask
            : throw new HubException($"{ErrorCode.LimitExceeded}: this user holds as many connections as it may");
    }

    /// <returns>A <see cref="WatchResult"/> on the wire.</returns>
    public async Task<WatchAnswer> Watch(WatchRequest? request)
    {
        var outbox = outboxes.Find(Context.ConnectionId)
            ?? throw new OperationCanceledException("The connection is closed");

        // The cursor is older than the answer. A later one could cover changes that the client has received but not yet
        // processed.
        var sent = outbox.Cursor;
        var answer = await calls.WatchAsync(
            Context.ConnectionId,
            request,
            hasCursor: sent != Cursor.Start,
            Context.ConnectionAborted
        );
        return new WatchAnswer(outbox.Writer, answer.Entries, answer.Rejected, sent.ToString());
    }

    public void Unwatch(IReadOnlyList<string?>? ids) => watchLists.Remove(Context.ConnectionId, ids);

    // An array: MessagePack writes a result by its run-time type, and does not know the list types of the compiler.
    public async Task<PresenceEntry[]> Get(IReadOnlyList<string?>? ids) =>
        [.. (await calls.GetAsync(watchLists.UsageOf(Context.ConnectionId), ids, Context.ConnectionAborted)).Entries];
}
