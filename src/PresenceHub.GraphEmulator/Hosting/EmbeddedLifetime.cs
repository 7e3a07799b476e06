namespace PresenceHub.GraphEmulator.Hosting;

/// <summary>Leaves Ctrl+C and SIGTERM to the program the emulator is embedded in, which may need it until it has
/// stopped itself.</summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
