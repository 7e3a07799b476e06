namespace PresenceHub.Server.Hubs;

/// <summary>
/// The way to the issuer of client tokens. The library refreshes the keys in the background and tells no one how that
/// ended, so the requests are observed here.
/// </summary>
internal sealed class AuthorityChannel(HttpMessageHandler inner, Authority authority) : DelegatingHandler(inner)
{
    /// <summary>The document that names where the keys are. Only the answer with the keys ends a failure.</summary>
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
