using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Store;

public sealed class EmbeddedPresenceStoreTests(EmbeddedStoreServer server)
    : PresenceStoreContract(server.ConnectionString),
        IClassFixture<EmbeddedStoreServer>;
