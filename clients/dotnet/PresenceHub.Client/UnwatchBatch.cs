namespace PresenceHub.Client;

/// <summary>Subjects to unwatch at the hub in one call, and the callers that wait for it.</summary>
internal sealed class UnwatchBatch
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HashSet<string> Ids { get; } = [];

    public Task Done => _done.Task;

    public void Complete() => _done.TrySetResult();

    public void Fail(Exception exception)
    {
        _done.TrySetException(exception);

        // Some callers do not wait: without this, the failure would count as unobserved.
        _ = _done.Task.Exception;
    }
}
