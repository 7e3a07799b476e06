using PresenceHub.GraphEmulator.Requests;

namespace PresenceHub.GraphEmulator.Subscriptions;

/// <summary>Creates a subscription. Checks come in the order of Graph: permission, request, quota, endpoint.</summary>
internal sealed class SubscriptionCreation(
    SubscriptionBook book,
    SubscriptionRules rules,
    EndpointValidation validation,
    SubscriptionAdmission admission,
    GraphEmulatorOptions options
)
{
    private static readonly string[] TlsVersions = ["v1_0", "v1_1", "v1_2", "v1_3"];

    /// <summary>The subscription, or the reason why there is none.</summary>
    public async Task<(Subscription? Created, IResult? Refusal)> CreateAsync(
        GraphCaller caller,
        RequestBody body,
        CancellationToken cancellationToken
    )
    {
        if (SubscriptionAdmission.Authorize(caller) is { } forbidden)
        {
            return (null, forbidden);
        }

        if (Read(caller, body, out var subscription) is { } invalid)
        {
            return (null, invalid);
        }

        if (admission.Admit(subscription!) is { } refused)
        {
            return (null, refused);
        }

        // Both addresses are validated, even when they are equal.
        var refusal = await validation.CheckAsync(subscription!.Terms.NotificationUrl, cancellationToken)
            ?? (
                subscription.LifecycleUrl is { } lifecycle
                    ? await validation.CheckAsync(lifecycle, cancellationToken)
                    : null
            );
        if (refusal is not null)
        {
            return (null, refusal);
        }

        return book.TryAdd(subscription, options.Limits.SubscriptionsPerAccount)
            ? (subscription, null)
            : (null, SubscriptionAdmission.AlreadyThere);
    }

    private GraphError? Read(GraphCaller caller, RequestBody body, out Subscription? subscription)
    {
        subscription = null;
        if (rules.Check(body) is { } flaw)
        {
            return flaw;
        }

        if (rules.CheckResource(body.Text("resource")!, out var resource) is { } badResource)
        {
            return badResource;
        }

        if (rules.CheckExpiry(body.Text("expirationDateTime"), out var expiresAt) is { } badExpiry)
        {
            return badExpiry;
        }

        EncryptionCertificate? certificate = null;
        if (body.Flag("includeResourceData"))
        {
            certificate = EncryptionCertificate.TryRead(
                body.Text("encryptionCertificate"),
                body.Text("encryptionCertificateId"),
                out var reason
            );
            if (certificate is null)
            {
                return SubscriptionRules.Invalid(reason);
            }
        }

        var tlsVersion = body.Text("latestSupportedTlsVersion") ?? "v1_2";
        if (!TlsVersions.Contains(tlsVersion))
        {
            return SubscriptionRules.Invalid("Invalid 'latestSupportedTlsVersion' attribute.");
        }

        subscription = new Subscription(
            Guid.NewGuid(),
            new SubscriptionOwner(caller.ApplicationId, caller.AccountId!.Value),
            resource!,
            body.Text("clientState"),
            body.Text("lifecycleNotificationUrl"),
            tlsVersion,
            new SubscriptionTerms(expiresAt, caller.TokenExpiresAt, body.Text("notificationUrl")!, certificate)
        )
        {
            IncludesResourceData = certificate is not null,
        };
        return null;
    }
}
