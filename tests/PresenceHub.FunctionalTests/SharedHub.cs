using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests;

/// <summary>One server, in the tests' process, for all tests of a class or collection.</summary>
/// <param name="settings">Environment variables, as for a process of its own.</param>
public abstract class SharedHub(params (string Name, string Value)[] settings) : IAsyncLifetime
{
    internal HubServer Server { get; private set; } = null!;

    public virtual async Task InitializeAsync() =>
        Server = await HubServer.StartInProcessAsync(
            settings.ToDictionary(setting => setting.Name, setting => setting.Value)
        );

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
