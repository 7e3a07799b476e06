namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>
/// Deliveries by their due time. One reader at a time waits on the emulated clock; any thread can add.
/// </summary>
internal sealed class DueQueue(TimeProvider time, int capacity) : IDisposable
{
    // Resources of 650 ids are repeated in every item; endpoints rarely take more than a megabyte.
    private const int LargestPost = 512 * 1_024;

    private readonly Lock _gate = new();
    private readonly PriorityQueue<Delivery, (DateTimeOffset Due, long Order)> _queue = new();
    private readonly SemaphoreSlim _earlier = new(0, 1);
    private DateTimeOffset _wokenFor = DateTimeOffset.MaxValue;
    private long _order;

    /// <summary>
    /// False when the queue is full: the newest delivery is refused, as Graph drops what an endpoint cannot take.
    /// </summary>
    public bool TryAdd(Delivery delivery, DateTimeOffset due)
    {
        lock (_gate)
        {
            if (_queue.Count >= capacity)
            {
                return false;
            }

            _queue.Enqueue(delivery, (due, _order++));
            if (due < _wokenFor)
            {
                _wokenFor = due;
                if (_earlier.CurrentCount == 0)
                {
                    _earlier.Release();
                }
            }

            return true;
        }
    }

    /// <summary>
    /// Waits for due deliveries and takes them: a retry alone, or up to <paramref name="most"/> new notifications
    /// together.
    /// </summary>
    public async Task<Delivery> TakeAsync(int most, CancellationToken cancellationToken)
    {
        while (true)
        {
            DateTimeOffset next;
            lock (_gate)
            {
                if (TryTake(most) is { } delivery)
                {
                    return delivery;
                }

                next = _queue.TryPeek(out _, out var first) ? first.Due : DateTimeOffset.MaxValue;
                _wokenFor = next;
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var earlier = _earlier.WaitAsync(stop.Token);
            if (next == DateTimeOffset.MaxValue)
            {
                await earlier;
                continue;
            }

            var wait = next - time.GetUtcNow();
            var due = Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, time, stop.Token);
            await Task.WhenAny(earlier, due);
            await stop.CancelAsync();
            await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await due.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public void Dispose() => _earlier.Dispose();

    private Delivery? TryTake(int most)
    {
        var now = time.GetUtcNow();
        List<Notification>? taken = null;
        var size = 0;
        while (_queue.TryPeek(out var next, out var priority) && priority.Due <= now)
        {
            if (next.Attempts > 0)
            {
                return taken is null ? _queue.Dequeue() : new Delivery(taken);
            }

            taken ??= [];
            size += next.Notifications.Sum(notification => notification.Size);
            if (taken.Count > 0 && (taken.Count + next.Notifications.Count > most || size > LargestPost))
            {
                break;
            }

            taken.AddRange(_queue.Dequeue().Notifications);
        }

        return taken is null ? null : new Delivery(taken);
    }
}
