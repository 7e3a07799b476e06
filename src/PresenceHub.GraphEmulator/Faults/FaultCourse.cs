namespace PresenceHub.GraphEmulator.Faults;

/// <summary>
/// A fault plan in progress. Requests, notifications and reads use separate random numbers, so that the number of one
/// kind does not change the outcome for the others.
/// </summary>
internal sealed class FaultCourse(FaultPlan plan, int seed)
{
    private readonly FaultDraws[] _requests =
    [
        .. plan.Requests.Select((_, rule) => new FaultDraws(HashOf(seed, 3 + rule))),
    ];

    public FaultPlan Plan => plan;

    public FaultDraws Notifications { get; } = new(HashOf(seed, 1));

    public FaultDraws Reads { get; } = new(HashOf(seed, 2));

    /// <summary>Whether a rule for the operation depends on the ids in a request.</summary>
    public bool NeedsIds(string operation) => plan.Requests.Any(rule => rule.Ids.Count > 0 && rule.IsFor(operation));

    /// <summary>The first rule that matches and is not used up; one use is taken from it.</summary>
    public RequestFault? TakeFor(string operation, IReadOnlySet<Guid>? named = null)
    {
        for (var rule = 0; rule < plan.Requests.Count; rule++)
        {
            if (plan.Requests[rule].TryUse(operation, named, _requests[rule]))
            {
                return plan.Requests[rule];
            }
        }

        return null;
    }

    // The first numbers of Random are similar for neighbouring seeds. HashCode.Combine would differ between processes.
    private static int HashOf(int seed, int stream) => unchecked((seed * (int)2_654_435_761) ^ (stream * 40_503));
}
