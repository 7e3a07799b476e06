namespace PresenceHub.FunctionalTests.Faults;

/// <summary>A server that only polls.</summary>
public sealed class PollingOnlyGraph() : FaultyGraphFixture(("Notifications__Enabled", "false"));
