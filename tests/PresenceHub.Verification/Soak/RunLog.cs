using PresenceHub.Verification.Invariants;

namespace PresenceHub.Verification.Soak;

/// <summary>Puts what happens in one order, with the time since the run began, and has it checked.</summary>
internal sealed class RunLog(InvariantChecker checker)
{
    private readonly Lock _gate = new();
    private readonly long _began = TimeProvider.System.GetTimestamp();

    public InvariantChecker Checker => checker;

    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_began);

    public void Add(Func<TimeSpan, HubEvent> happened)
    {
        lock (_gate)
        {
            checker.Record(happened(Now));
        }
    }
}
