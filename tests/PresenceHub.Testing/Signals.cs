namespace PresenceHub.Testing;

/// <summary>Everything that was reported, in order; a test waits for the first that fits.</summary>
internal sealed class Signals<T>
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private readonly List<T> _all = [];
    private TaskCompletionSource _more = New();

    public IReadOnlyList<T> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _all];
            }
        }
    }

    public void Add(T item)
    {
        lock (_gate)
        {
            _all.Add(item);
            _more.TrySetResult();
            _more = New();
        }
    }

    /// <summary>The first item that fits, whether it came already or is yet to come.</summary>
    public async Task<T> FirstAsync(Func<T, bool> fits, TimeSpan? within = null)
    {
        using var timeout = new CancellationTokenSource(within ?? Timeout);
        for (var seen = 0; ; )
        {
            Task more;
            lock (_gate)
            {
                for (; seen < _all.Count; seen++)
                {
                    if (fits(_all[seen]))
                    {
                        return _all[seen];
                    }
                }

                more = _more.Task;
            }

            try
            {
                await more.WaitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException(
                    $"None of {seen} signals was the one awaited; the last was {(seen > 0 ? All[^1] : default)}"
                );
            }
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
