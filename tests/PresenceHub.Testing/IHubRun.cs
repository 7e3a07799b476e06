namespace PresenceHub.Testing;

/// <summary>A running server, in a process of its own or in the process of the tests.</summary>
internal interface IHubRun : IAsyncDisposable
{
    /// <summary>Completes with the exit code.</summary>
    Task<int> Exited { get; }

    /// <summary>Asks the server to end and waits until it has.</summary>
    Task StopAsync();
}
