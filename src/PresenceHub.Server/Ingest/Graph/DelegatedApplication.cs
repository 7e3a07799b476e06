using Microsoft.Identity.Client;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>The hub as the application in whose name delegated accounts sign in.</summary>
internal static class DelegatedApplication
{
    private const string Permission = "Presence.Read.All";

    /// <summary>What the hub asks of an account: reading presence, and nothing else.</summary>
    public static string[] ScopesOf(GraphClients graph) => [$"{graph.Resource}/{Permission}"];

    public static IConfidentialClientApplication Create(
        GraphOptions options,
        IHttpClientFactory http,
        Uri? redirectUri = null
    )
    {
        var builder = ConfidentialClientApplicationBuilder
            .Create(options.ClientId)
            .WithAuthority(
                $"{options.AuthorityUri.GetLeftPart(UriPartial.Authority)}/{options.TenantId}",
                validateAuthority: options.IsMicrosoftAuthority
            )
            .WithInstanceDiscovery(options.IsMicrosoftAuthority)
            .WithHttpClientFactory(new AuthorityHttpClients(http));
        if (redirectUri is not null)
        {
            builder.WithRedirectUri(redirectUri.ToString());
        }

        return options.ClientCertificatePath is { Length: > 0 } path
            ? builder.WithCertificate(ApplicationCertificate.Load(path)).Build()
            : builder.WithClientSecret(options.ClientSecret).Build();
    }

    private sealed class AuthorityHttpClients(IHttpClientFactory http) : IMsalHttpClientFactory
    {
        public HttpClient GetHttpClient() => http.CreateClient(GraphClients.AuthorityHttpClient);
    }
}
