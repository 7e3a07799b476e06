using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Fanout;

namespace PresenceHub.Server.Hubs.WebSockets;

/// <summary>The open WebSocket connections of this node. One timer serves all of them.</summary>
internal sealed class WebSocketConnections(
    IHostApplicationLifetime lifetime,
    IOptions<FanoutOptions> options,
    TimeProvider time
) : BackgroundService
{
    /// <summary>How long after the timeout of the outbox a send times out, so that the outbox closes and reports the
    /// connection first.</summary>
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
        // The outbox closes and counts a connection that accepts nothing. This timeout is for messages that an outbox
        // does not send.
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
