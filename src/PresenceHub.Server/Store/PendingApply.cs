namespace PresenceHub.Server.Store;

/// <summary>One script's worth of observations that callers have handed to an <see cref="ApplyPump"/>.</summary>
internal sealed class PendingApply
{
    private readonly TaskCompletionSource<ApplyOutcome[]> _outcomes = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public List<Observation> Observations { get; } = [];

    /// <summary>In the order of the observations. Fails when the script does.</summary>
    public Task<ApplyOutcome[]> Outcomes => _outcomes.Task;

    public void Complete(ApplyOutcome[] outcomes) => _outcomes.SetResult(outcomes);

    public void Fail(Exception failure) => _outcomes.SetException(failure);
}
