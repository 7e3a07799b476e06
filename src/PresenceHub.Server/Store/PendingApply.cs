namespace PresenceHub.Server.Store;

/// <summary>The observations of one script of an <see cref="ApplyPump"/>.</summary>
internal sealed class PendingApply
{
    private readonly TaskCompletionSource<ApplyOutcome[]> _outcomes = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    public List<Observation> Observations { get; } = [];

    /// <summary>The outcomes in the order of the observations. Fails if the script fails.</summary>
    public Task<ApplyOutcome[]> Outcomes => _outcomes.Task;

    public void Complete(ApplyOutcome[] outcomes) => _outcomes.SetResult(outcomes);

    public void Fail(Exception failure) => _outcomes.SetException(failure);
}
