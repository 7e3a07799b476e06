namespace PresenceHub.Server.Hubs;

/// <summary>
/// The HTTP handler for requests to the issuer of client tokens. It observes them, because the library refreshes the
/// keys in the background and does not report the result.
/// </summary>
internal sealed class AuthorityChannel(HttpMessageHandler inner, Authority authority) : DelegatingHandler(inner)
{
    /// <summary>The document with the address of the keys. Only an answer with the keys ends a failure.</summary>
    private const string Metadata = "/.well-known/openid-configuration";

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                authority.RefreshFailed();
            }
            else if (
                request.RequestUri?.AbsolutePath.EndsWith(Metadata, StringComparison.OrdinalIgnoreCase) is not true
            )
            {
                authority.RefreshSucceeded();
            }

            return response;
        }
        catch
        {
            authority.RefreshFailed();
            throw;
        }
    }
}
