using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Store;

public sealed class ClusterPresenceStoreTests(RedisCluster cluster)
    : PresenceStoreContract(cluster.ConnectionString),
        IClassFixture<RedisCluster>;
