using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Store;

public sealed class RedisSubscriptionProbeTests(RedisServer server)
    : SubscriptionProbeContract(server.ConnectionString),
        IClassFixture<RedisServer>;
