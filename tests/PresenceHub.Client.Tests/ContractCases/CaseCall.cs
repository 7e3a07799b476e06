using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests.ContractCases;

/// <summary>A call of the client, which waits for the case's answer.</summary>
internal sealed class CaseCall(string method, IReadOnlyList<string> ids, string? cursor)
{
    private readonly TaskCompletionSource<WatchResult> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public string Method { get; } = method;

    public IReadOnlyList<string> Ids { get; } = ids;

    public string? Cursor { get; } = cursor;

    public Task<WatchResult> Answered => _answer.Task;

    public void Answer(WatchResult result) => _answer.TrySetResult(result);

    public void Fail(Exception reason) => _answer.TrySetException(reason);
}
