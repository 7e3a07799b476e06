namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>One payload for a <see cref="PayloadThreads"/>.</summary>
internal sealed class PayloadWork(Func<byte[]?> decrypt)
{
    private readonly TaskCompletionSource<byte[]?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<byte[]?> Result => _result.Task;

    public void Run()
    {
        try
        {
            _result.SetResult(decrypt());
        }
        catch (Exception exception)
        {
            // The caller handles the exception; the thread continues with the next payload.
            _result.SetException(exception);
        }
    }
}
