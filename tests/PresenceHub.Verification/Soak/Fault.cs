namespace PresenceHub.Verification.Soak;

/// <summary>Something that goes wrong for a while. When it has run, everything works again, if not at once.</summary>
internal sealed record Fault(string Name, FaultPlace Place, Func<Random, CancellationToken, Task> RunAsync);
