namespace PresenceHub.Fleet.Measuring;

/// <summary>CPU time since the start of the process, and its resident memory.</summary>
internal sealed record ResourceUse(double CpuSeconds, double MemoryMegabytes);
