using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Graph;

internal static class GraphSettings
{
    public const string TenantId = "7e7a0000-0000-4000-8000-00000000c0de";
    public const string ClientId = "c11e0000-0000-4000-8000-00000000c0de";
    public const string AccountId = "acc00000-0000-4000-8000-00000000c0de";

    public static GraphOptions Create() =>
        new()
        {
            Mode = GraphMode.Emulator,
            BaseUrl = "https://localhost:5001/v1.0",
            AuthorityHost = "https://localhost:5001",
            TenantId = TenantId,
            ClientId = ClientId,
            ClientSecret = "secret",
            NotificationUrl = "https://hub.example",
            Accounts = { new GraphAccount { UserId = AccountId } },
        };
}
