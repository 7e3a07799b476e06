using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.Extensions.Options;
using Microsoft.Graph;
using Microsoft.Graph.Authentication;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>The SDK's clients, all over the one pipeline that holds the budget.</summary>
internal sealed class GraphClients
{
    public const string GraphHttpClient = "graph";
    public const string AuthorityHttpClient = "graph-authority";

    private readonly IHttpClientFactory _http;
    private readonly GraphOptions _options;
    private readonly ApplicationCredential _credential;
    private readonly Lazy<GraphServiceClient> _application;

    public GraphClients(IHttpClientFactory http, IOptions<GraphOptions> options)
    {
        _http = http;
        _options = options.Value;
        _credential = new ApplicationCredential(CreateApplicationCredential);
        _application = new Lazy<GraphServiceClient>(() => Create(_credential));
    }

    /// <summary>Acts as the application: reads.</summary>
    public GraphServiceClient Application => _application.Value;

    /// <summary>What <see cref="Application"/> proves itself with.</summary>
    public ApplicationCredential Credential => _credential;

    /// <summary>Where permissions are asked for. The emulator goes by Graph's global name.</summary>
    public string Resource =>
        _options.Mode is GraphMode.Emulator
            ? "https://graph.microsoft.com"
            : _options.ServiceUri.GetLeftPart(UriPartial.Authority);

    /// <summary>Signs the application in before it has to read, so that the first read does not wait for it.</summary>
    public async Task SignInAsync(CancellationToken cancellationToken) =>
        await _credential.GetTokenAsync(
            new TokenRequestContext([$"{Resource}/.default"], isCaeEnabled: true),
            cancellationToken
        );

    /// <summary>Acts as the account of the credential: subscriptions.</summary>
    public GraphServiceClient Create(TokenCredential credential)
    {
        // The SDK's own list of hosts that get a token holds neither the emulator nor a host written with its port.
        var authentication = new AzureIdentityAuthenticationProvider(
            credential,
            [_options.ServiceUri.Host],
            null,
            true,
            $"{Resource}/.default"
        );
        return new GraphServiceClient(
            _http.CreateClient(GraphHttpClient),
            authentication,
            _options.ServiceUri.ToString()
        );
    }

    private TokenCredential CreateApplicationCredential()
    {
        var transport = new HttpClientTransport(_http.CreateClient(AuthorityHttpClient));
        if (_options.ClientCertificatePath is { Length: > 0 } path)
        {
            return new ClientCertificateCredential(
                _options.TenantId,
                _options.ClientId,
                ApplicationCertificate.Load(path),
                new ClientCertificateCredentialOptions
                {
                    AuthorityHost = _options.AuthorityUri,
                    DisableInstanceDiscovery = !_options.IsMicrosoftAuthority,
                    Transport = transport,
                }
            );
        }

        return new ClientSecretCredential(
            _options.TenantId,
            _options.ClientId,
            _options.ClientSecret,
            new ClientSecretCredentialOptions
            {
                AuthorityHost = _options.AuthorityUri,
                DisableInstanceDiscovery = !_options.IsMicrosoftAuthority,
                Transport = transport,
            }
        );
    }
}
