namespace PresenceHub.Server.Ingest.Graph;

internal sealed class GraphBudgetHandler(GraphBudget budget) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        await budget.SpendAsync(cancellationToken);
        return await base.SendAsync(request, cancellationToken);
    }
}
