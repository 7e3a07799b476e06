namespace PresenceHub.Server.Hubs;

/// <summary>More is asked of this node than it can answer in time.</summary>
/// <param name="retryAfter">When the call may be repeated.</param>
internal sealed class NodeBusyException(TimeSpan retryAfter)
    : Exception("more is asked of this node than it can answer")
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
