using System.Diagnostics;

namespace PresenceHub.Fleet.Measuring;

/// <summary>CPU time and memory of processes on this machine.</summary>
internal sealed class ResourceProbe(IReadOnlyList<int> processIds) : IResourceProbe
{
    private const double BytesPerMegabyte = 1024 * 1024;

    public Task<ResourceUse?> ReadAsync(CancellationToken cancellationToken)
    {
        var (cpu, memory) = (TimeSpan.Zero, 0L);
        try
        {
            foreach (var id in processIds)
            {
                using var process = Process.GetProcessById(id);
                cpu += process.TotalProcessorTime;
                memory += process.WorkingSet64;
            }

            return Task.FromResult<ResourceUse?>(new ResourceUse(cpu.TotalSeconds, memory / BytesPerMegabyte));
        }
        catch (Exception exception)
            when (exception is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return Task.FromResult<ResourceUse?>(null);
        }
    }
}
