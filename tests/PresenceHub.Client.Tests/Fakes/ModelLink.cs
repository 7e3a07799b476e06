using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests.Fakes;

/// <summary>A client's connection to a <see cref="ModelHub"/>, under whose lock its sets are.</summary>
internal sealed class ModelLink(ModelHub hub, IPresenceClient receiver) : IHubLink
{
    private readonly TaskCompletionSource<Exception?> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IPresenceClient Receiver { get; } = receiver;

    public HashSet<string> Watched { get; } = [];

    public HashSet<string> Dirty { get; } = [];

    public Task<Exception?> Closed => _closed.Task;

    public void Lose() => _closed.TrySetResult(new IOException("lost"));

    public Task StartAsync(CancellationToken cancellationToken) => AnswerAsync(() => true);

    public Task<WatchResult> WatchAsync(WatchRequest request, CancellationToken cancellationToken) =>
        AnswerAsync(() => hub.Watch(this, request));

    public Task UnwatchAsync(string[] ids, CancellationToken cancellationToken) =>
        AnswerAsync(() =>
        {
            hub.Unwatch(this, ids);
            return true;
        });

    public Task<IReadOnlyList<PresenceEntry>> GetAsync(string[] ids, CancellationToken cancellationToken) =>
        AnswerAsync<IReadOnlyList<PresenceEntry>>(() => [.. ids.Select(hub.Read)]);

    public ValueTask DisposeAsync()
    {
        _closed.TrySetResult(null);
        return ValueTask.CompletedTask;
    }

    // The yields let pushes and losses fall between the hub's read and the client's receipt of the answer.
    private async Task<T> AnswerAsync<T>(Func<T> answer)
    {
        await Task.Yield();
        ThrowIfClosed();
        var result = answer();
        await Task.Yield();
        ThrowIfClosed();
        hub.Activity.Add(true);
        return result;
    }

    private void ThrowIfClosed()
    {
        if (_closed.Task.IsCompleted)
        {
            throw new IOException("lost");
        }
    }
}
