namespace PresenceHub.GraphEmulator.Faults;

/// <summary>A plan under way. Requests, notifications and reads draw apart: how many there are of one must not change
/// the others' luck.</summary>
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

    /// <summary>The first rule that fits and still has turns left, with one turn taken.</summary>
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

    // Random's first numbers resemble each other for neighbouring seeds. HashCode.Combine would differ from process to
    // process.
    private static int HashOf(int seed, int stream) => unchecked((seed * (int)2_654_435_761) ^ (stream * 40_503));
}
