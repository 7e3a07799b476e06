using System.Globalization;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Graph has answered a <see cref="SuspectRequest"/> with 503 and asked to wait before it is
/// repeated.</summary>
internal sealed class GraphUnavailableException(TimeSpan retryAfter)
    : ReportableException(
        string.Create(
            CultureInfo.InvariantCulture,
            $"Graph answered 503, to be repeated after {retryAfter.TotalSeconds:0.0} s"
        )
    )
{
    public TimeSpan RetryAfter { get; } = retryAfter;
}
