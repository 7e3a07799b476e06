using System.Diagnostics;

namespace PresenceHub.Fleet.Reporting;

/// <summary>The resources of the tool itself: an overloaded tool measures its own delays.</summary>
internal sealed record ToolResult(double CpuSeconds, double MemoryMegabytes, int Processors)
{
    private const double BytesPerMegabyte = 1024 * 1024;

    public static ToolResult Read()
    {
        using var process = Process.GetCurrentProcess();
        return new ToolResult(
            process.TotalProcessorTime.TotalSeconds,
            process.WorkingSet64 / BytesPerMegabyte,
            Environment.ProcessorCount
        );
    }
}
