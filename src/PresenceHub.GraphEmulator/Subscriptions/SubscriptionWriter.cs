using System.Globalization;
using System.Text.Json;
using PresenceHub.GraphEmulator.Hosting;

namespace PresenceHub.GraphEmulator.Subscriptions;

/// <summary>Writes a subscription as Graph does.</summary>
internal sealed class SubscriptionWriter(EmulatorAddress address)
{
    private const string Iso8601 = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    public string Context => $"{address.Origin}/v1.0/$metadata#subscriptions";

    public void WriteOne(Utf8JsonWriter json, Subscription subscription) =>
        Write(json, subscription, Context + "/$entity", subscription.ClientState);

    /// <summary>Lists do not contain the client state.</summary>
    public static void WriteListed(Utf8JsonWriter json, Subscription subscription) =>
        Write(json, subscription, null, null);

    private static void Write(Utf8JsonWriter json, Subscription subscription, string? context, string? clientState)
    {
        var terms = subscription.Terms;
        json.WriteStartObject();
        if (context is not null)
        {
            json.WriteString("@odata.context", context);
        }

        json.WriteString("id", subscription.Id);
        json.WriteString("resource", subscription.Resource.Text);
        json.WriteString("applicationId", subscription.Owner.ApplicationId);
        json.WriteString("changeType", "updated");
        json.WriteString("clientState", clientState);
        json.WriteString("notificationUrl", terms.NotificationUrl);
        json.WriteNull("notificationQueryOptions");
        json.WriteString("lifecycleNotificationUrl", subscription.LifecycleUrl);
        json.WriteString(
            "expirationDateTime",
            terms.ExpiresAt.UtcDateTime.ToString(Iso8601, CultureInfo.InvariantCulture)
        );
        json.WriteString("creatorId", subscription.Owner.AccountId);
        json.WriteBoolean("includeResourceData", subscription.IncludesResourceData);
        json.WriteString("latestSupportedTlsVersion", subscription.TlsVersion);
        json.WriteString("encryptionCertificate", terms.Certificate?.Base64);
        json.WriteString("encryptionCertificateId", terms.Certificate?.Id);
        json.WriteNull("notificationUrlAppId");
        json.WriteEndObject();
    }
}
