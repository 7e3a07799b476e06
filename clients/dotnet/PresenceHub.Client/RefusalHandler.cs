using System.Net;

namespace PresenceHub.Client;

/// <summary>
/// Shows every answer of a connection's HTTP requests to its <see cref="ConnectRefusal"/>. After a refusal it sends
/// nothing: SignalR would
/// negotiate again for another transport, which a busy hub could serve even less.
/// </summary>
internal sealed class RefusalHandler(HttpMessageHandler inner, ConnectRefusal refusal) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (refusal.RetryAfter is not null)
        {
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { RequestMessage = request };
        }

        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        refusal.Read(response);
        return response;
    }
}
