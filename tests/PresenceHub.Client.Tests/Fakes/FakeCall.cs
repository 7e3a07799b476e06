namespace PresenceHub.Client.Tests.Fakes;

/// <summary>A call of the client that waits for the test's answer.</summary>
internal sealed class FakeCall<TRequest, TResult>(TRequest request)
{
    private readonly TaskCompletionSource<TResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TRequest Request { get; } = request;

    public Task<TResult> Result => _result.Task;

    public void Answer(TResult result) => _result.SetResult(result);

    public void Fail(Exception exception) => _result.SetException(exception);
}
