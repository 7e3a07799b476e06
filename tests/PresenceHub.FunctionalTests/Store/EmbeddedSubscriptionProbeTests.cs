using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Store;

public sealed class EmbeddedSubscriptionProbeTests(EmbeddedStoreServer server)
    : SubscriptionProbeContract(server.ConnectionString),
        IClassFixture<EmbeddedStoreServer>;
