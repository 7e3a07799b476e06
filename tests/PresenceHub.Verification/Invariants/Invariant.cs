namespace PresenceHub.Verification.Invariants;

/// <summary>One thing that must hold whatever happens. It sees all events in order, from one thread at a
/// time.</summary>
internal abstract class Invariant
{
    /// <summary>What the event violates, in words; usually nothing.</summary>
    public abstract IEnumerable<string> Check(HubEvent next);
}
