using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests.Fakes;

/// <summary>A link whose other end is the test.</summary>
internal sealed class FakeLink(IPresenceClient receiver, bool refreshToken) : IHubLink
{
    private readonly TaskCompletionSource<Exception?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the hub would invoke.</summary>
    public IPresenceClient Client { get; } = receiver;

    /// <summary>Whether the client asks its token source for another token.</summary>
    public bool RefreshesToken { get; } = refreshToken;

    public Inbox<FakeCall<WatchRequest, WatchResult>> Watches { get; } = new("a Watch call");

    public Inbox<FakeCall<string[], bool>> Unwatches { get; } = new("an Unwatch call");

    public Inbox<FakeCall<string[], IReadOnlyList<PresenceEntry>>> Gets { get; } = new("a Get call");

    public Task<Exception?> Closed => _closed.Task;

    public Task Disposed => _disposed.Task;

    public void Accept() => _started.SetResult();

    public void Refuse(Exception? reason = null) =>
        _started.SetException(reason ?? new HttpRequestException("refused"));

    public void Lose(Exception? reason = null) => _closed.TrySetResult(reason ?? new IOException("lost"));

    public Task StartAsync(CancellationToken cancellationToken) => _started.Task.WaitAsync(cancellationToken);

    public Task<WatchResult> WatchAsync(WatchRequest request, CancellationToken cancellationToken) =>
        CallAsync(Watches, request, cancellationToken);

    public Task UnwatchAsync(string[] ids, CancellationToken cancellationToken) =>
        CallAsync(Unwatches, ids, cancellationToken);

    public Task<IReadOnlyList<PresenceEntry>> GetAsync(string[] ids, CancellationToken cancellationToken) =>
        CallAsync(Gets, ids, cancellationToken);

    public ValueTask DisposeAsync()
    {
        _closed.TrySetResult(null);
        _disposed.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private async Task<TResult> CallAsync<TRequest, TResult>(
        Inbox<FakeCall<TRequest, TResult>> inbox,
        TRequest request,
        CancellationToken cancellationToken
    )
    {
        var call = new FakeCall<TRequest, TResult>(request);
        inbox.Add(call);
        var first = await Task.WhenAny(call.Result, Closed).WaitAsync(cancellationToken);
        return first == call.Result ? await call.Result : throw new IOException("lost");
    }
}
