using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Polling;

/// <summary>Graph behind the gate that holds requests back, without the retries before it.</summary>
internal sealed class GatedGraph(FakeGraph graph, ThrottleGate gate, TimeProvider time) : IHttpClientFactory
{
    private readonly GraphAdmission _admission = new(
        gate,
        new GraphBudget(Options.Create(new GraphOptions { RequestsPer30Seconds = 1_000_000 }), time),
        new RequestPacer(time),
        time
    );

    public HttpClient CreateClient(string name) =>
        name is GraphClients.GraphHttpClient
            ? new HttpClient(new GraphAdmissionHandler(_admission) { InnerHandler = graph }, disposeHandler: false)
            : graph.CreateClient(name);
}
