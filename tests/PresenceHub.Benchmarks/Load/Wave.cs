using System.Collections.Concurrent;
using System.Diagnostics;

namespace PresenceHub.Benchmarks.Load;

/// <summary>Many clients doing the same thing at once: who got there when, within a limit.</summary>
internal sealed class Wave(TimeSpan limit) : IDisposable
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource _over = new(limit);
    private readonly ConcurrentQueue<double> _seconds = new();
    private int _failures;
    private int _refusals;

    /// <summary>Cancelled when the time is up.</summary>
    public CancellationToken Limit => _over.Token;

    public bool IsOver => _over.IsCancellationRequested;

    public void Arrived() => _seconds.Enqueue(Stopwatch.GetElapsedTime(_started).TotalSeconds);

    /// <summary>A call has failed.</summary>
    public void Failed() => Interlocked.Increment(ref _failures);

    /// <summary>The server has not accepted a connection.</summary>
    public void Refused() => Interlocked.Increment(ref _refusals);

    public WaveResult Result(int members) =>
        new(members, [.. _seconds.Order()], _failures, _refusals, Stopwatch.GetElapsedTime(_started).TotalSeconds);

    public void Dispose() => _over.Dispose();
}
