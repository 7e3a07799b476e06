using System.Text.Json.Serialization;
using PresenceHub.Server.Ingest.Coverage;

namespace PresenceHub.Server.Ingest.Subscriptions;

[JsonSerializable(typeof(SubscriptionRecord))]
[JsonSerializable(typeof(StoredCertificate))]
[JsonSerializable(typeof(StoredWebhookKey))]
internal sealed partial class SubscriptionJson : JsonSerializerContext;
