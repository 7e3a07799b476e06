namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Counts what goes over the wire, each attempt for itself.</summary>
internal sealed class GraphRequestMetricsHandler(GraphMetrics metrics) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var operation = GraphOperation.Of(request);
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            metrics.Answered(operation, (int)response.StatusCode);
            return response;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            metrics.Failed(operation, exception is HttpRequestException ? "unreachable" : "timeout");
            throw;
        }
    }
}
