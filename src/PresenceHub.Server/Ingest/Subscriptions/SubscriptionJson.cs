using System.Text.Json.Serialization;

namespace PresenceHub.Server.Ingest.Subscriptions;

[JsonSerializable(typeof(SubscriptionRecord))]
internal sealed partial class SubscriptionJson : JsonSerializerContext;
