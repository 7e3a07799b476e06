using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PresenceHub.Benchmarks.Report;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    private const double BytesPerGigabyte = 1024.0 * 1024 * 1024;

    public static string Describe()
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / BytesPerGigabyte;
        return string.Create(
            CultureInfo.InvariantCulture, $"{Cores()} × {processor ?? RuntimeInformation.ProcessArchitecture.ToString()}, {memory:0} GB, {RuntimeInformation.OSDescription}");
    }

    /// <summary>Versions of what takes part; what is not installed is left out.</summary>
    public static string Versions()
    {
        IEnumerable<string?> versions =
        [
            RuntimeInformation.FrameworkDescription,
            FirstLine("redis-server", "--version") is { } redis ? "Redis " + redis.Split(' ').FirstOrDefault(part => part.StartsWith("v=", StringComparison.Ordinal))?[2..] : null,
            FirstLine("node", "--version") is { } node ? "Node.js " + node.TrimStart('v') : null,
            FirstLine("git", "rev-parse", "--short", "HEAD") is { } commit ? "commit " + commit : null,
        ];
        return string.Join(", ", versions.Where(version => version is not null));
    }

    // This process is pinned to one of them, so the runtime's own count would be one.
    private static int Cores() => File.ReadLines("/proc/cpuinfo").Count(line => line.StartsWith("processor", StringComparison.Ordinal));

    private static string? FirstLine(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var line = process.StandardOutput.ReadLine();
            process.WaitForExit();
            return process.ExitCode is 0 ? line : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
