namespace PresenceHub.Benchmarks.Systems;

/// <summary>An observation on its way to the writer's process.</summary>
internal sealed record WrittenPresence(string Id, string Availability, string Activity, string? SequenceNumber);
