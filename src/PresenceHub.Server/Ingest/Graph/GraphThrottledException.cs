using System.Globalization;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Graph wants no request now, or the hub's own budget is spent. Nothing was sent after that was
/// known.</summary>
/// <param name="retryAfter">How long nothing is sent.</param>
/// <param name="isUnavailable">Whether Graph has answered this request with 503: the request may be the reason.</param>
internal sealed class GraphThrottledException(TimeSpan retryAfter, bool isUnavailable = false)
    : ReportableException(
        string.Create(CultureInfo.InvariantCulture, $"Graph takes no requests for {retryAfter.TotalSeconds:0.0} s")
    )
{
    public TimeSpan RetryAfter { get; } = retryAfter;

    public bool IsUnavailable { get; } = isUnavailable;
}
