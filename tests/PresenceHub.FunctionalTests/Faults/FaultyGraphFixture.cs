namespace PresenceHub.FunctionalTests.Faults;

/// <summary>One server for all runs of a class: each run leaves it as it found it, or fails.</summary>
public class FaultyGraphFixture(bool ownProcess, params (string Name, string Value)[] settings) : IAsyncLifetime
{
    public FaultyGraphFixture(params (string Name, string Value)[] settings)
        : this(ownProcess: false, settings) { }

    internal FaultyGraph Graph { get; private set; } = null!;

    public async Task InitializeAsync() => Graph = await FaultyGraph.StartAsync(ownProcess, settings);

    public async Task DisposeAsync() => await Graph.DisposeAsync();
}
