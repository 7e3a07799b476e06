using System.Collections.Concurrent;
using PresenceHub.Server.Fanout;

namespace PresenceHub.Server.Hubs.Streams;

/// <summary>The open event streams of this node. One timer serves all of them.</summary>
internal sealed class PresenceStreams(IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<PresenceStream, Outbox> _open = [];

    public void Add(PresenceStream stream, Outbox outbox)
    {
        _open[stream] = outbox;
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            stream.End(StreamEnd.NodeLeaves);
        }
    }

    public void Remove(PresenceStream stream) => _open.TryRemove(stream, out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var stopping = lifetime.ApplicationStopping.Register(EndAll);
        using var timer = new PeriodicTimer(TickPeriod, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            TickOnce();
        }
    }

    internal void TickOnce()
    {
        foreach (var (stream, outbox) in _open)
        {
            stream.Tick(outbox);
        }
    }

    // The server waits for requests that have not ended before it stops.
    private void EndAll()
    {
        foreach (var (stream, _) in _open)
        {
            stream.End(StreamEnd.NodeLeaves);
        }
    }
}
