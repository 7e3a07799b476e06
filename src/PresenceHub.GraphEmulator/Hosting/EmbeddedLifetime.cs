namespace PresenceHub.GraphEmulator.Hosting;

/// <summary>
/// Leaves Ctrl+C and SIGTERM to the embedding program, which may need the emulator until it has stopped.
/// </summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
