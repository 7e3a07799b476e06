using PresenceHub.GraphEmulator.Notifications;
using PresenceHub.GraphEmulator.Requests;

namespace PresenceHub.GraphEmulator.Subscriptions;

/// <summary>
/// PATCH and reauthorize. Both authorize the subscription with the token of the caller; PATCH also changes its expiry.
/// </summary>
internal sealed class SubscriptionRenewal(
    SubscriptionRules rules,
    EndpointValidation validation,
    NotificationDispatcher dispatcher,
    GraphEmulatorOptions options,
    TimeProvider time
)
{
    private static readonly TimeSpan KeepApart = TimeSpan.FromMinutes(10);

    public async Task<GraphError?> RenewAsync(
        Subscription subscription,
        GraphCaller caller,
        RequestBody body,
        CancellationToken cancellationToken
    )
    {
        var (expiry, url) = (body.Text("expirationDateTime"), body.Text("notificationUrl"));
        var withCertificate = options.Switches.CertificateChangeByRenewal && body.Has("encryptionCertificate");
        if (expiry is null && url is null && !withCertificate)
        {
            return SubscriptionRules.Invalid("The request must contain expirationDateTime or notificationUrl.");
        }

        if (
            (body.Has("resource") && body.Text("resource") != subscription.Resource.Text)
            || (
                body.Has("lifecycleNotificationUrl")
                && body.Text("lifecycleNotificationUrl") != subscription.LifecycleUrl
            )
        )
        {
            return SubscriptionRules.Invalid("Only expirationDateTime and notificationUrl can be updated.");
        }

        var expiresAt = default(DateTimeOffset);
        if (expiry is not null && rules.CheckExpiry(expiry, out expiresAt) is { } badExpiry)
        {
            return badExpiry;
        }

        EncryptionCertificate? certificate = null;
        if (withCertificate)
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

        if (
            url is not null
            && url != subscription.Terms.NotificationUrl
            && (rules.CheckUrl(url) ?? await validation.CheckAsync(url, cancellationToken)) is { } badUrl
        )
        {
            return badUrl;
        }

        Vouch(subscription, caller, (terms, now) =>
            terms with
            {
                ExpiresAt = expiry is null || options.Switches.RenewalKeepsExpiry ? terms.ExpiresAt : expiresAt,
                NotificationUrl = url ?? terms.NotificationUrl,
                Certificate = certificate ?? terms.Certificate,
                RenewedAt = now,
                Paused = IsTooClose(terms.ReauthorizedAt, now),
            }
        );
        return null;
    }

    public void Reauthorize(Subscription subscription, GraphCaller caller) =>
        Vouch(subscription, caller, (terms, now) =>
            terms with
            {
                ReauthorizedAt = now,
                Paused = IsTooClose(terms.RenewedAt, now),
            }
        );

    private void Vouch(
        Subscription subscription,
        GraphCaller caller,
        Func<SubscriptionTerms, DateTimeOffset, SubscriptionTerms> change
    )
    {
        var now = time.GetUtcNow();
        subscription.Change(terms =>
            change(terms, now) with
            {
                AuthorizedUntil = caller.TokenExpiresAt,
                RemindedAt = null,
            }
        );
        if (!subscription.Terms.Paused)
        {
            dispatcher.Release(subscription);
        }
    }

    private bool IsTooClose(DateTimeOffset? other, DateTimeOffset now) =>
        options.Switches.ReauthorizeNearRenewalBreaks && other is { } at && now - at < KeepApart;
}
