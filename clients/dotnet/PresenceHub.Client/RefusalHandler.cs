namespace PresenceHub.Client;

/// <summary>Shows every answer of a connection's HTTP requests to its <see cref="ConnectRefusal"/>.</summary>
internal sealed class RefusalHandler(HttpMessageHandler inner, ConnectRefusal refusal) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        refusal.Read(response);
        return response;
    }
}
