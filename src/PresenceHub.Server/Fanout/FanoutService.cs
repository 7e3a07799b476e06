using System.Threading.Channels;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Fanout;

/// <summary>
/// Takes changes from the mirror to the outboxes of those who watch, and flushes them. An idle connection is written to at once; while
/// the flushers are busy, more changes gather. Nobody ever waits for a client here.
/// </summary>
internal sealed class FanoutService : BackgroundService
{
    private static readonly TimeSpan StuckCheckPeriod = TimeSpan.FromSeconds(1);

    private readonly PresenceMirror _mirror;
    private readonly InterestIndex _index;
    private readonly Outboxes _outboxes;
    private readonly FanoutMetrics _metrics;
    private readonly FanoutOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<FanoutService> _logger;

    // Unbounded, but an outbox is in it at most once: no longer than there are connections.
    private readonly Channel<Outbox> _ready = Channel.CreateUnbounded<Outbox>();

    public FanoutService(
        PresenceMirror mirror, InterestIndex index, Outboxes outboxes, FanoutMetrics metrics, IOptions<FanoutOptions> options, TimeProvider time,
        ILogger<FanoutService> logger)
    {
        (_mirror, _index, _outboxes, _metrics, _options, _time, _logger) = (mirror, index, outboxes, metrics, options.Value, time, logger);
        _mirror.Changed += OnChanged;
        _mirror.Positioned += OnPositioned;
        _index.Revoking += OnRevoking;
    }

    public override void Dispose()
    {
        _mirror.Changed -= OnChanged;
        _mirror.Positioned -= OnPositioned;
        _index.Revoking -= OnRevoking;
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var flushers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => FlushReadyAsync(stoppingToken));
        await Task.WhenAll([.. flushers, CloseStuckAsync(stoppingToken)]);
    }

    /// <summary>Closes every connection that has taken nothing for too long.</summary>
    internal void CloseStuckOnce()
    {
        foreach (var (outbox, connection) in _outboxes.All.Where(open => open.Outbox.WaitingFor > _options.StuckAfter))
        {
            _logger.ConnectionStuck(outbox.ConnectionId, outbox.PendingCount);
            _metrics.ConnectionClosed("stuck");
            connection.Abort();
        }
    }

    /// <summary>Asks every client to go elsewhere, each at a time of its own within the window.</summary>
    internal void DrainAll(TimeSpan window)
    {
        foreach (var (outbox, _) in _outboxes.All)
        {
            if (outbox.Drain(window * Random.Shared.NextDouble()))
            {
                _ready.Writer.TryWrite(outbox);
            }
        }
    }

    private void OnChanged(IReadOnlyList<StoredEntry> entries)
    {
        foreach (var entry in entries)
        {
            var watchers = _index.WatchersOf(entry.Subject);
            if (watchers.Length is 0)
            {
                continue;
            }

            var fragment = new EntryFragment(entry);
            foreach (var outbox in watchers)
            {
                if (outbox.Mark(fragment))
                {
                    _ready.Writer.TryWrite(outbox);
                }
            }
        }
    }

    private void OnRevoking(Outbox outbox) => _ready.Writer.TryWrite(outbox);

    private void OnPositioned(Cursor cursor)
    {
        foreach (var (outbox, _) in _outboxes.All)
        {
            if (outbox.Promise(cursor, _options.BookmarkPeriod))
            {
                _ready.Writer.TryWrite(outbox);
            }
        }
    }

    private async Task FlushReadyAsync(CancellationToken stoppingToken)
    {
        var waiting = new HashSet<Task>();
        await foreach (var outbox in _ready.Reader.ReadAllAsync(stoppingToken))
        {
            var flush = FlushAsync(outbox);
            if (!flush.IsCompleted)
            {
                // The client is slow: its own task goes on when it has taken the bytes.
                waiting.RemoveWhere(task => task.IsCompleted);
                waiting.Add(flush);
            }
        }
    }

    private async Task FlushAsync(Outbox outbox)
    {
        if (_outboxes.FindConnection(outbox) is not { } connection)
        {
            return;
        }

        try
        {
            if (await outbox.FlushAsync(frame => connection.WriteAsync(frame, connection.ConnectionAborted)))
            {
                _ready.Writer.TryWrite(outbox);
            }
        }
        catch (Exception exception)
        {
            // The connection is gone or going; its outbox goes with it, and the client resumes from its cursor.
            _logger.FlushFailed(exception, outbox.ConnectionId);
            connection.Abort();
        }
    }

    private async Task CloseStuckAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(StuckCheckPeriod, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            CloseStuckOnce();
        }
    }
}
