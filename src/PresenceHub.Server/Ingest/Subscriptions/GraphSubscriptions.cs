using System.Globalization;
using System.Net;
using Microsoft.Graph;
using Microsoft.Graph.Models;
using Microsoft.Graph.Models.ODataErrors;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>The calls to Graph for the presence subscriptions of one delegated account.</summary>
internal sealed class GraphSubscriptions
{
    private const string PresenceResource = "communications/presences";

    private readonly GraphServiceClient _graph;
    private readonly GraphAccount _account;
    private readonly DelegatedTokens _tokens;
    private readonly EncryptionCertificates? _certificates;
    private readonly WebhookKeyStore _webhook;
    private readonly string _baseUrl;

    /// <param name="account">The owner of the subscriptions.</param>
    /// <param name="certificates">Null when notifications contain no data.</param>
    public GraphSubscriptions(
        GraphAccount account,
        GraphClients clients,
        DelegatedTokens tokens,
        EncryptionCertificates? certificates,
        WebhookKeyStore webhook,
        GraphOptions options
    )
    {
        (_account, _tokens, _certificates, _webhook) = (account, tokens, certificates, webhook);
        _graph = clients.Create(new DelegatedCredential(tokens, account));
        _baseUrl = options.NotificationUrl!.TrimEnd('/');
    }

    /// <summary>Graph refused the token: the next call fetches a new one.</summary>
    public void InvalidateToken() => _tokens.Invalidate(_account);

    /// <summary>Whether a new subscription would have the same certificate and the same notification URL.</summary>
    public async Task<bool> IsCurrentAsync(SubscriptionRecord record, CancellationToken cancellationToken) =>
        record.CertificateId == (await CurrentCertificateAsync(cancellationToken))?.Id
        && record.NotificationUrl == (await _webhook.CreateAddressAsync(cancellationToken)).RecordedUrl(_baseUrl);

    public async Task<IReadOnlyList<Guid>> ListAsync(CancellationToken cancellationToken)
    {
        var ids = new List<Guid>();
        var page = await _graph.Subscriptions.GetAsync(cancellationToken: cancellationToken);
        while (page is not null)
        {
            ids.AddRange(
                from subscription in page.Value ?? []
                where subscription.Resource?.Contains(PresenceResource, StringComparison.OrdinalIgnoreCase) is true
                let id = Guid.TryParse(subscription.Id, out var parsed) ? parsed : Guid.Empty
                where id != Guid.Empty
                select id
            );
            page = page.OdataNextLink is { Length: > 0 } next
                ? await _graph.Subscriptions.WithUrl(next).GetAsync(cancellationToken: cancellationToken)
                : null;
        }

        return ids;
    }

    /// <summary>Graph calls the notification endpoint before it answers.</summary>
    public async Task<SubscriptionRecord> CreateAsync(
        IReadOnlyCollection<SubjectId> subjects,
        DateTimeOffset expiry,
        CancellationToken cancellationToken
    )
    {
        var address = await _webhook.CreateAddressAsync(cancellationToken);
        var certificate = await CurrentCertificateAsync(cancellationToken);

        // Each attempt needs a new object: the SDK sends only what has changed since an object was last sent.
        var created = await _graph.Subscriptions.PostAsync(
            new Subscription
            {
                ChangeType = "updated",
                NotificationUrl = address.NotificationUrl(_baseUrl),
                LifecycleNotificationUrl = address.LifecycleUrl(_baseUrl),
                Resource = ResourceOf(subjects),
                ExpirationDateTime = expiry,
                ClientState = address.ClientState,
                LatestSupportedTlsVersion = "v1_2",
                IncludeResourceData = certificate is null ? null : true,
                EncryptionCertificate = certificate?.PublicBase64,
                EncryptionCertificateId = certificate?.Id,
            },
            cancellationToken: cancellationToken
        );
        return Guid.TryParse(created?.Id, out var id)
            ? new SubscriptionRecord(
                id,
                ClientState.Hash(address.ClientState),
                created!.ExpirationDateTime ?? expiry,
                certificate?.Id,
                address.RecordedUrl(_baseUrl),
                [.. subjects.Select(subject => subject.Value)]
            )
            : throw new InvalidDataException("Graph answered without the id of the subscription");
    }

    /// <summary>Returns the new expiry that Graph answers with, or null when the subscription is gone.</summary>
    public async Task<DateTimeOffset?> RenewAsync(Guid id, DateTimeOffset expiry, CancellationToken cancellationToken)
    {
        try
        {
            var renewed = await _graph
                .Subscriptions[id.ToString()]
                .PatchAsync(new Subscription { ExpirationDateTime = expiry }, cancellationToken: cancellationToken);
            return renewed?.ExpirationDateTime ?? expiry;
        }
        catch (ODataError error) when (error.ResponseStatusCode is (int)HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task DeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            await _graph.Subscriptions[id.ToString()].DeleteAsync(cancellationToken: cancellationToken);
        }
        catch (ODataError error) when (error.ResponseStatusCode is (int)HttpStatusCode.NotFound)
        {
            // The subscription is already gone.
        }
    }

    private async Task<EncryptionCertificate?> CurrentCertificateAsync(CancellationToken cancellationToken) =>
        _certificates is null ? null : await _certificates.CurrentAsync(cancellationToken);

    internal static string ResourceOf(IEnumerable<SubjectId> subjects) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"/{PresenceResource}?$filter=id in ({string.Join(',', subjects.Select(subject => $"'{subject}'"))})"
        );
}
