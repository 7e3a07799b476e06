using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>The one server that gets all the bad input.</summary>
[CollectionDefinition(nameof(BadInputServer))]
public sealed class BadInputServer : IAsyncLifetime, ICollectionFixture<BadInputServer>
{
    internal HubServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await HubServer.StartInProcessAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
