using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>Takes the hub's messages of one link. Once another link is open, the book ignores them.</summary>
internal sealed class LinkReceiver(long link, WatchBook book, PresenceEvents events, TimeProvider time)
    : IPresenceClient
{
    private readonly TaskCompletionSource<(long ReceivedAt, TimeSpan ReconnectAfter)> _draining = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>Whether the hub has answered for the whole watch list.</summary>
    public bool IsResumed { get; set; }

    /// <summary>Completes with the first notice; a node goes away once.</summary>
    public Task<(long ReceivedAt, TimeSpan ReconnectAfter)> Drained => _draining.Task;

    public Task PresenceChanged(IReadOnlyList<PresenceEntry> entries)
    {
        book.Push(link, entries);
        return Task.CompletedTask;
    }

    public Task Bookmark(string cursor)
    {
        book.Bookmark(link, cursor);
        return Task.CompletedTask;
    }

    public Task Revoked(IReadOnlyList<string> ids)
    {
        events.AddRevoked(book.Revoke(link, ids));
        return Task.CompletedTask;
    }

    public Task Draining(DrainNotice notice)
    {
        var reconnectAfter = TimeSpan.FromMilliseconds(Math.Max(0, notice.ReconnectAfterMs));
        if (_draining.TrySetResult((time.GetTimestamp(), reconnectAfter)))
        {
            events.SetDraining(reconnectAfter);
        }

        return Task.CompletedTask;
    }
}
