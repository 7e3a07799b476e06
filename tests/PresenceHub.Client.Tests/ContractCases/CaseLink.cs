using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests.ContractCases;

/// <summary>A link whose other end is a case.</summary>
internal sealed class CaseLink(IPresenceClient receiver, Action<CaseLink> onStart, Action<CaseCall> onCall) : IHubLink
{
    private readonly TaskCompletionSource<Exception?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IPresenceClient Client { get; } = receiver;

    public Task<Exception?> Closed => _closed.Task;

    /// <summary>The client has given up the link.</summary>
    public Task Disposed => _disposed.Task;

    public void Accept() => _started.TrySetResult();

    public void Refuse(Exception reason) => _started.TrySetException(reason);

    public void Close(Exception? reason) => _closed.TrySetResult(reason);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        onStart(this);
        return _started.Task.WaitAsync(cancellationToken);
    }

    public Task<WatchResult> WatchAsync(WatchRequest request, CancellationToken cancellationToken) =>
        CallAsync(new CaseCall("Watch", request.Ids, request.Cursor), cancellationToken);

    public Task UnwatchAsync(string[] ids, CancellationToken cancellationToken) =>
        CallAsync(new CaseCall("Unwatch", ids, null), cancellationToken);

    public async Task<IReadOnlyList<PresenceEntry>> GetAsync(string[] ids, CancellationToken cancellationToken) =>
        (await CallAsync(new CaseCall("Get", ids, null), cancellationToken)).Entries;

    public ValueTask DisposeAsync()
    {
        _closed.TrySetResult(null);
        _disposed.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private Task<WatchResult> CallAsync(CaseCall call, CancellationToken cancellationToken)
    {
        onCall(call);
        return call.Answered.WaitAsync(cancellationToken);
    }
}
