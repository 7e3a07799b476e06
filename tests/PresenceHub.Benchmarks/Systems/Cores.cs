namespace PresenceHub.Benchmarks.Systems;

/// <summary>
/// Servers have a core of their own; load, Redis and the emulator share the other, which bench.sh pins this process to.
/// </summary>
internal static class Cores
{
    public const int Server = 0;
    public const int Load = 1;
}
