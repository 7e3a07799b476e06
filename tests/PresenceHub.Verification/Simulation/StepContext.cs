namespace PresenceHub.Verification.Simulation;

/// <summary>Runs what the code under test goes on with on the simulation's own thread, in the order in which it became
/// ready.</summary>
internal sealed class StepContext : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = [];

    public override void Post(SendOrPostCallback d, object? state) => _ready.Enqueue((d, state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing blocks in a simulation");

    /// <summary>Runs everything that is ready, and what becomes ready by it.</summary>
    public void Drain()
    {
        while (_ready.TryDequeue(out var next))
        {
            next.Callback(next.State);
        }
    }
}
