namespace PresenceHub.FunctionalTests.Faults;

/// <summary>One server for all runs of a class: each run leaves it as it found it, or fails.</summary>
public class FaultyGraphFixture(params (string Name, string Value)[] settings) : IAsyncLifetime
{
    public FaultyGraphFixture()
        : this([]) { }

    internal FaultyGraph Graph { get; private set; } = null!;

    public async Task InitializeAsync() => Graph = await FaultyGraph.StartAsync(settings);

    public async Task DisposeAsync() => await Graph.DisposeAsync();
}
