namespace PresenceHub.Server.Hubs;

/// <summary>This node cannot answer the call in time, because all clients together ask for too much.</summary>
/// <param name="retryAfter">How long the caller should wait before it retries.</param>
internal sealed class NodeBusyException(TimeSpan retryAfter)
    : Exception("more is asked of this node than it can answer")
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
