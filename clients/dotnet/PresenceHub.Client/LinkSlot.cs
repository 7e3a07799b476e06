namespace PresenceHub.Client;

/// <summary>The open link, for callers that can wait for one.</summary>
internal sealed class LinkSlot
{
    private readonly Lock _gate = new();
    private TaskCompletionSource<IHubLink> _open = NewSource();

    public Task<IHubLink> WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _open.Task.WaitAsync(cancellationToken);
        }
    }

    public void Set(IHubLink link)
    {
        lock (_gate)
        {
            _open.TrySetResult(link);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _open = _open.Task.IsCompleted ? NewSource() : _open;
        }
    }

    /// <summary>Cancels the present callers. Later callers wait for the next link.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            _open.TrySetCanceled(CancellationToken.None);
            _open = NewSource();
        }
    }

    private static TaskCompletionSource<IHubLink> NewSource() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
