using PresenceHub.Fleet.Measuring;

namespace PresenceHub.Fleet.Reporting;

/// <summary>What processes used during the measured time.</summary>
/// <param name="Cores">CPU seconds per second.</param>
/// <param name="MicrosecondsPerEntry">CPU time per pushed entry; null when nothing was pushed.</param>
/// <param name="MemoryMegabytes">Resident memory at the end of the measured time.</param>
/// <param name="PeakMemoryMegabytes">Highest sample of the whole run; null when it was not kept.</param>
/// <param name="KilobytesPerConnection">Resident memory divided by the connections, with the empty server in
/// it.</param>
internal sealed record ResourceResult(
    double Cores,
    double? MicrosecondsPerEntry,
    double MemoryMegabytes,
    double? PeakMemoryMegabytes,
    double KilobytesPerConnection
)
{
    private const int KilobytesPerMegabyte = 1024;
    private const int MicrosecondsPerSecond = 1_000_000;

    public static ResourceResult? Of(
        ResourceUse? before,
        ResourceUse? after,
        double? seconds,
        long entries,
        double? peakMegabytes,
        int connections
    )
    {
        if (before is null || after is null || seconds is not > 0)
        {
            return null;
        }

        var cpu = after.CpuSeconds - before.CpuSeconds;
        return new ResourceResult(
            cpu / seconds.Value,
            entries > 0 ? cpu * MicrosecondsPerSecond / entries : null,
            after.MemoryMegabytes,
            peakMegabytes,
            after.MemoryMegabytes * KilobytesPerMegabyte / Math.Max(1, connections)
        );
    }
}
