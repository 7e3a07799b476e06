using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Fanout;

namespace PresenceHub.Server.Hubs.WebSockets;

/// <summary>The open WebSocket connections of this node: one timer for all of them instead of several for
/// each.</summary>
internal sealed class WebSocketConnections(
    IHostApplicationLifetime lifetime,
    IOptions<FanoutOptions> options,
    TimeProvider time
) : BackgroundService
{
    /// <summary>Sending times out this long after an outbox would have closed the connection, so that the outbox is
    /// first to report it.</summary>
    internal static readonly TimeSpan StuckGrace = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<WebSocketConnection, bool> _open = [];

    public int Count => _open.Count;

    public void Add(WebSocketConnection connection)
    {
        _open[connection] = true;
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            connection.RequestClose();
        }
    }

    public void Remove(WebSocketConnection connection) => _open.TryRemove(connection, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var stopping = lifetime.ApplicationStopping.Register(RequestCloseAll);
        using var timer = new PeriodicTimer(TickPeriod, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            TickOnce();
        }
    }

    internal void TickOnce()
    {
        // The outbox closes a connection that accepts nothing and counts it; this covers what is not sent from an
        // outbox.
        var sendTimeout = options.Value.StuckAfter + StuckGrace;
        var now = time.GetUtcNow();
        foreach (var (connection, _) in _open)
        {
            connection.Tick(now, sendTimeout);
        }
    }

    private void RequestCloseAll()
    {
        foreach (var (connection, _) in _open)
        {
            connection.RequestClose();
        }
    }
}
