using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Store;

public sealed class ClusterSubscriptionProbeTests(RedisCluster cluster)
    : SubscriptionProbeContract(cluster.ConnectionString),
        IClassFixture<RedisCluster>;
