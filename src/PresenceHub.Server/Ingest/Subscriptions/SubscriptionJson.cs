using System.Text.Json.Serialization;

namespace PresenceHub.Server.Ingest.Subscriptions;

[JsonSerializable(typeof(SubscriptionRecord))]
[JsonSerializable(typeof(StoredCertificate))]
[JsonSerializable(typeof(StoredWebhookKey))]
internal sealed partial class SubscriptionJson : JsonSerializerContext;
