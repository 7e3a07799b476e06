using System.Diagnostics;

namespace PresenceHub.Server.Control;

/// <summary>
/// A dedicated thread for one loop. The continuations and timers of the loop run on it, so the loop keeps its pace when
/// all threads of the pool are busy with clients.
/// </summary>
internal sealed class ControlThread : SynchronizationContext
{
    private readonly object _gate = new();
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = [];
    private readonly PriorityQueue<ControlTimer, long> _timers = new();
    private bool _hasEnded;

    private ControlThread() { }

    /// <summary>Runs a loop to its end on a new thread.</summary>
    public static Task RunAsync(string name, Func<Task> loop)
    {
        var ended = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        var control = new ControlThread();
        new Thread(() => ended.SetResult(control.Run(loop))) { IsBackground = true, Name = name }.Start();
        return ended.Task.Unwrap();
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
        {
            if (!_hasEnded)
            {
                _ready.Enqueue((d, state));
                Monitor.Pulse(_gate);
                return;
            }
        }

        ThreadPool.QueueUserWorkItem(_ => d(state));
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing waits for a control thread");

    /// <summary>A timer whose callback runs on this thread.</summary>
    internal ControlTimer CreateTimer(TimerCallback callback, object? state) => new(this, callback, state);

    /// <summary>
    /// Fires the timer at that time. A timer that is set again stays scheduled for its earlier time too, and ignores
    /// it.
    /// </summary>
    internal void Schedule(ControlTimer timer, long due)
    {
        lock (_gate)
        {
            _timers.Enqueue(timer, due);
            Monitor.Pulse(_gate);
        }
    }

    private Task Run(Func<Task> loop)
    {
        SetSynchronizationContext(this);
        var running = loop();
        running.ContinueWith(
            _ => Post(static _ => { }, null),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        while (!running.IsCompleted)
        {
            var (callback, state) = Take();
            callback(state);
        }

        End();
        return running;
    }

    /// <summary>
    /// Waits for the next callback. Answers come before timers, so that an answer that arrived while the process was
    /// paused is not treated as late.
    /// </summary>
    private (SendOrPostCallback Callback, object? State) Take()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_ready.TryDequeue(out var next))
                {
                    return next;
                }

                if (!_timers.TryPeek(out var timer, out var due))
                {
                    Monitor.Wait(_gate);
                }
                else if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } left)
                {
                    Monitor.Wait(_gate, left + TimeSpan.FromMilliseconds(1));
                }
                else
                {
                    _timers.Dequeue();
                    return (static state => ((ControlTimer)state!).Fire(), timer);
                }
            }
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            _timers.Clear();
            foreach (var (callback, state) in _ready)
            {
                ThreadPool.QueueUserWorkItem(_ => callback(state));
            }

            _ready.Clear();
        }
    }
}
