using System.Text.Json.Serialization;

namespace PresenceHub.Server.Ingest.Accounts;

[JsonSerializable(typeof(ConnectedAccount))]
[JsonSerializable(typeof(AccountHealth[]))]
[JsonSerializable(typeof(PendingSignIn))]
internal sealed partial class AccountJson : JsonSerializerContext;
