using Microsoft.Extensions.Options;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Fanout;

/// <summary>
/// Hands the changes of the mirror to the outboxes of their watchers. It takes all changes that have gathered at once,
/// so that a connection gets one frame for a batch that spans partitions. It has its own thread and never waits for a
/// client.
/// </summary>
internal sealed class ChangeDispatcher : BackgroundService
{
    private readonly PresenceMirror _mirror;
    private readonly InterestIndex _index;
    private readonly Outboxes _outboxes;
    private readonly TimeSpan _bookmarkPeriod;
    private readonly ChangeQueue _changes = new();
    private readonly ReadyBatch _ready;
    private WatchList[] _watchers = [];

    public ChangeDispatcher(
        PresenceMirror mirror,
        InterestIndex index,
        Outboxes outboxes,
        IOptions<FanoutOptions> options
    )
    {
        (_mirror, _index, _outboxes, _bookmarkPeriod) = (mirror, index, outboxes, options.Value.BookmarkPeriod);
        _ready = new ReadyBatch(outboxes.Ready);
        _mirror.Changed += _changes.Add;
        _mirror.Positioned += _changes.Position;
    }

    public override void Dispose()
    {
        _mirror.Changed -= _changes.Add;
        _mirror.Positioned -= _changes.Position;
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var stopping = stoppingToken.Register(_changes.Complete);
        await Task.Factory.StartNew(
            DispatchUntilCompleted,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    /// <summary>Marks everything that the mirror has reported so far in the outboxes.</summary>
    internal void DispatchOnce()
    {
        var (entries, cursor) = _changes.Take();
        _ready.Begin();
        foreach (var entry in entries)
        {
            Mark(entry);
        }

        _ready.Complete();
        if (cursor is { } promised)
        {
            foreach (var outbox in _outboxes.All)
            {
                outbox.Promise(promised, _bookmarkPeriod);
            }
        }
    }

    private void Mark(StoredEntry entry)
    {
        var count = _index.CopyWatchers(entry.Subject, ref _watchers);
        if (count is 0)
        {
            return;
        }

        var fragment = EntryFragment.Of(entry);
        foreach (var list in _watchers.AsSpan(0, count))
        {
            if (list.Outbox is Outbox outbox)
            {
                outbox.Mark(fragment, _ready);
            }
        }

        Array.Clear(_watchers, 0, count);
    }

    private void DispatchUntilCompleted()
    {
        while (_changes.Wait())
        {
            DispatchOnce();
        }
    }
}
