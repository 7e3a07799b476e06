using System.Globalization;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Graph wants no request now, or the hub's own budget is spent. Nothing was sent after that was known.</summary>
internal sealed class GraphThrottledException(TimeSpan retryAfter)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"Graph takes no requests for {retryAfter.TotalSeconds:0.0} s"))
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
