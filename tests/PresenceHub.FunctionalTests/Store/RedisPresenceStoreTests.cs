using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Store;

public sealed class RedisPresenceStoreTests(RedisServer server)
    : PresenceStoreContract(server.ConnectionString),
        IClassFixture<RedisServer>;
