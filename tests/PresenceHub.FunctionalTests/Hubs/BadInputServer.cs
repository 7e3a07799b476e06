namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>The one server that gets all the bad input.</summary>
[CollectionDefinition(nameof(BadInputServer))]
public sealed class BadInputServer() : SharedHub(), ICollectionFixture<BadInputServer>;
