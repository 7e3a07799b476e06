using System.Net;
using System.Text.Json;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Subscriptions;

/// <summary>Graph as one account sees it: a single subscription, and now and then an answer from a script.</summary>
internal sealed class FakeSubscriptions
{
    public FakeSubscriptions() => Graph = new FakeGraph(Answer);

    public FakeGraph Graph { get; }

    /// <summary>Expiry by id.</summary>
    public Dictionary<string, DateTimeOffset> Held { get; } = [];

    /// <summary>The end that Graph answers with, whatever was asked for; null: as asked.</summary>
    public DateTimeOffset? Expiry { get; set; }

    /// <summary>Answers given before anything is done.</summary>
    public Queue<HttpResponseMessage> Script { get; } = new();

    /// <summary>Tokens asked for.</summary>
    public int SignIns => Graph.Tokens;

    public Guid OnlyId => Guid.Parse(Held.Keys.Single());

    public static HttpResponseMessage None() => FakeGraph.Json("""{"value":[]}""");

    public static HttpResponseMessage Subscription(Guid id, DateTimeOffset expiry) =>
        FakeGraph.Json(
            JsonSerializer.Serialize(
                new
                {
                    id,
                    expirationDateTime = expiry,
                    resource = "/communications/presences?$filter=id in ('x')",
                }
            )
        );

    /// <summary>The methods of the requests since the last call.</summary>
    public string[] TakeMethods()
    {
        string[] methods = [.. Graph.Requests.Select(request => request.Method)];
        Graph.Requests.Clear();
        return methods;
    }

    private HttpResponseMessage Answer(HttpRequestMessage request, string body)
    {
        if (Script.TryDequeue(out var scripted))
        {
            return scripted;
        }

        var id = request.RequestUri!.Segments[^1];
        switch (request.Method.Method)
        {
            case "GET":
                return FakeGraph.Json(
                    JsonSerializer.Serialize(
                        new
                        {
                            value = Held.Select(held => new
                            {
                                id = held.Key,
                                resource = "communications/presences?$filter=x",
                                clientState = (string?)null,
                            }),
                        }
                    )
                );
            case "DELETE":
                return Held.Remove(id)
                    ? new HttpResponseMessage(HttpStatusCode.NoContent)
                    : FakeGraph.Error(HttpStatusCode.NotFound);
            case "PATCH" when !Held.ContainsKey(id):
                return FakeGraph.Error(HttpStatusCode.NotFound);
            case "POST" when Held.Count > 0:
                return FakeGraph.Error(HttpStatusCode.Conflict);
        }

        var expiry = Expiry
            ?? JsonDocument.Parse(body).RootElement.GetProperty("expirationDateTime").GetDateTimeOffset();
        id = request.Method.Method is "POST" ? Guid.NewGuid().ToString() : id;
        Held[id] = expiry;
        return Subscription(Guid.Parse(id), expiry);
    }
}
