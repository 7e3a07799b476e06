using System.Buffers;
using System.Globalization;
using System.Text.Json;
using PresenceHub.GraphEmulator.Presences;
using PresenceHub.GraphEmulator.Subscriptions;

namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>Writes a POST of notifications as Graph does, according to the switches and faults.</summary>
internal sealed class NotificationPayloads(
    PresenceWriter presences,
    ValidationTokens tokens,
    GraphEmulatorOptions options
)
{
    private const NotificationFlaws TokenFlaws =
        NotificationFlaws.WrongPublisher
        | NotificationFlaws.WrongAudience
        | NotificationFlaws.ExpiredToken
        | NotificationFlaws.UnknownKey
        | NotificationFlaws.NoTokens;

    public ReadOnlyMemory<byte> Build(IReadOnlyList<Notification> notifications)
    {
        var buffer = new ArrayBufferWriter<byte>(1_024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("value");
            foreach (var notification in notifications)
            {
                Write(json, notification);
            }

            json.WriteEndArray();
            WriteTokens(json, notifications);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private void Write(Utf8JsonWriter json, Notification notification)
    {
        var (subscription, switches) = (notification.Subscription, options.Switches);
        var terms = subscription.Terms;
        json.WriteStartObject();
        json.WriteString("subscriptionId", subscription.Id);
        json.WriteString(
            "clientState",
            notification.Flaws.HasFlag(NotificationFlaws.WrongClientState) ? "forged" : subscription.ClientState
        );
        json.WriteString("subscriptionExpirationDateTime", Spell(terms.ExpiresAt));
        json.WriteString("tenantId", options.TenantId);
        if (switches.OrganizationIdInNotifications)
        {
            json.WriteString("organizationId", options.TenantId);
        }

        if (notification.Change is { } change)
        {
            json.WriteString("changeType", "updated");
            json.WriteString("resource", ResourceOf(subscription, change.Id));
            json.WriteStartObject("resourceData");
            json.WriteString(
                "@odata.type",
                switches.LowerCaseTypeInNotifications ? "#microsoft.graph.presence" : "#Microsoft.Graph.presence"
            );
            json.WriteString("@odata.id", $"users/{change.Id}/presence");
            json.WriteString("id", change.Id);
            json.WriteEndObject();
            if (terms.Certificate is { } certificate && subscription.IncludesResourceData)
            {
                EncryptedContent.Write(json, Data(change), certificate, notification.Flaws);
            }
        }
        else
        {
            json.WriteString("lifecycleEvent", "reauthorizationRequired");
        }

        json.WriteEndObject();
    }

    private ReadOnlySpan<byte> Data(PresenceChange change)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("@odata.id", $"users/{change.Id}/presence");
        json.WriteString("@odata.type", "#microsoft.graph.presence");
        json.WriteString("id", change.Id);
        presences.WriteValues(json, change.State);
        if (options.Switches.SequenceNumberInRichData)
        {
            json.WriteString("sequenceNumber", PresenceWriter.Stamp(change.Sequence));
        }

        if (options.Switches.OutOfOfficeInRichData)
        {
            PresenceWriter.WriteOutOfOffice(json, change.State);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan;
    }

    private void WriteTokens(Utf8JsonWriter json, IReadOnlyList<Notification> notifications)
    {
        var rich = notifications
            .Where(notification => notification.Change is not null && notification.Subscription.IncludesResourceData)
            .ToList();
        if (rich.Count == 0)
        {
            return;
        }

        // A POST has one set of tokens, so a flaw in the token of one item affects all.
        var flaws =
            rich.Aggregate(NotificationFlaws.None, (all, notification) => all | notification.Flaws) & TokenFlaws;
        if (flaws.HasFlag(NotificationFlaws.NoTokens))
        {
            json.WriteNull("validationTokens");
            return;
        }

        json.WriteStartArray("validationTokens");
        foreach (
            var applicationId in rich.Select(notification => notification.Subscription.Owner.ApplicationId).Distinct()
        )
        {
            json.WriteStringValue(tokens.For(applicationId, flaws));
        }

        json.WriteEndArray();
    }

    private string ResourceOf(Subscription subscription, Guid subject)
    {
        var (resource, switches) = (subscription.Resource, options.Switches);
        if (switches.NarrowResourceInNotifications)
        {
            var narrow = PresenceResource.ForOne(subject);
            return switches.EncodedResourceInNotifications ? PresenceResource.Encode(narrow) : narrow;
        }

        return switches.EncodedResourceInNotifications ? resource.Encoded : resource.Text;
    }

    private string Spell(DateTimeOffset expiresAt) =>
        expiresAt.UtcDateTime.ToString(
            options.Switches.OffsetInNotificationExpiry
                ? "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'"
                : "yyyy-MM-dd'T'HH:mm:ss.fffffff",
            CultureInfo.InvariantCulture
        );
}
