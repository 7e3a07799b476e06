using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>What goes over the wire to Graph, and how much of the budget it uses.</summary>
internal sealed class GraphMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _throttled;
    private readonly RequestWindow _window;

    public GraphMetrics(IMeterFactory meters, IOptions<GraphOptions> options, TimeProvider time)
    {
        _window = new RequestWindow(time);
        _meter = meters.Create("PresenceHub");
        _requests = _meter.CreateCounter<long>(
            "presencehub.graph.requests",
            "{request}",
            "Requests to Graph, each attempt"
        );
        _throttled = _meter.CreateCounter<long>(
            "presencehub.graph.throttled",
            "{request}",
            "Requests that Graph refused as too many"
        );
        _meter.CreateObservableGauge(
            "presencehub.graph.budget.used",
            () => _window.Count / Math.Max(1, options.Value.RequestsPer30Seconds * options.Value.BudgetShare),
            "1",
            "Requests of the last 30 s, of those allowed"
        );
    }

    public void Answered(string operation, int status)
    {
        _window.Note();
        _requests.Add(
            1,
            Tag("operation", operation),
            Tag(
                "outcome",
                status switch
                {
                    429 => "throttled",
                    >= 500 => "serverError",
                    >= 400 => "refused",
                    _ => "ok",
                }
            )
        );
        if (status is 429)
        {
            _throttled.Add(1, Tag("operation", operation));
        }
    }

    public void Failed(string operation, string outcome)
    {
        _window.Note();
        _requests.Add(1, Tag("operation", operation), Tag("outcome", outcome));
    }

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);
}
