using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>What clients call. Method names are the protocol.</summary>
[Authorize]
internal sealed class WatchHub(
    ConnectionWatchLists watchLists,
    ColdIdQuota coldIds,
    PresenceMirror mirror,
    Outboxes outboxes,
    PresenceReads reads
) : Hub<IPresenceClient>
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

        // The cursor is older than the snapshot: later, it could speak of changes that the client has received but not
        // yet looked at.
        var sent = outbox.Cursor;
        var usage = watchLists.UsageOf(Context.ConnectionId);
        var charged = await coldIds.ChargeAsync(usage, request?.Ids, Context.ConnectionAborted);
        try
        {
            var admission = await watchLists.AddAsync(Context.ConnectionId, request?.Ids, Context.ConnectionAborted);
            try
            {
                // Interest is registered before the read: a change in between arrives twice (the revision tells), never
                // not at all.
                var since = Cursor.TryParse(request!.Cursor, out var cursor) ? cursor : (Cursor?)null;

                // A client that was promised nothing asks in full next time too, so it may be told that nothing is
                // known at present.
                var isFresh = sent == Cursor.Start && since is null or { Time: 0 };
                var entries = await mirror.ReadAsync(admission.Accepted, since, Context.ConnectionAborted, isFresh);
                if (!watchLists.IsCurrent(admission))
                {
                    admission = await watchLists.ReviewAsync(
                        Context.ConnectionId,
                        admission,
                        Context.ConnectionAborted
                    );
                    entries = [.. entries.Where(entry => admission.Accepted.Contains(entry.Subject))];
                }

                coldIds.Settle(usage, charged, entries);
                return new WatchAnswer(outbox.Writer, entries, admission.Rejected, sent.ToString());
            }
            catch
            {
                // A failed call leaves nothing behind: the client repeats it whole.
                watchLists.Remove(Context.ConnectionId, admission.Added);
                throw;
            }
        }
        catch (Exception exception) when (exception is CallRejectedException or StoreUnavailableException)
        {
            // Not for a client that cancels its calls: what they ask for has been announced.
            usage.ColdIds.Return(charged);
            throw;
        }
    }

    public void Unwatch(IReadOnlyList<string?>? ids) => watchLists.Remove(Context.ConnectionId, ids);

    // An array: MessagePack writes a result by its run-time type, and knows none of those that the compiler makes for
    // lists.
    public async Task<PresenceEntry[]> Get(IReadOnlyList<string?>? ids) =>
        [.. (await reads.ReadAsync(watchLists.UsageOf(Context.ConnectionId), ids, Context.ConnectionAborted)).Entries];
}
