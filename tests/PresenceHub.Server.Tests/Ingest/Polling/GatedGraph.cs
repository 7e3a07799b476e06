using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Polling;

/// <summary>Graph behind the gate that holds requests back, without the retries before it.</summary>
internal sealed class GatedGraph(FakeGraph graph, ThrottleGate gate, TimeProvider time) : IHttpClientFactory
{
    private readonly RequestPacer _pacer = new(time);
    private readonly GraphBudget _budget = new(Options.Create(GraphSettings.Create()), time);

    public HttpClient CreateClient(string name) =>
        name is GraphClients.GraphHttpClient
            ? new HttpClient(
                new ThrottleGateHandler(gate, _pacer, _budget, time) { InnerHandler = graph },
                disposeHandler: false
            )
            : graph.CreateClient(name);
}
