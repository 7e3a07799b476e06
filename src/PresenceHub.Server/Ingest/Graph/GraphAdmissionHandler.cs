namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Holds each request back until <see cref="GraphAdmission"/> lets it leave.</summary>
internal sealed class GraphAdmissionHandler(GraphAdmission admission) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        using var turn = await admission.EnterAsync(request, cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        admission.RecordAnswer(request, response);
        return response;
    }
}
