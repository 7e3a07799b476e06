using System.Text.Json;
using System.Text.Json.Serialization;

namespace PresenceHub.Server.Ingest.Notifications;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, PropertyNameCaseInsensitive = false, MaxDepth = NotificationBatch.MaxDepth)]
[JsonSerializable(typeof(PresencePayload))]
internal sealed partial class NotificationJson : JsonSerializerContext;
