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
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / BytesPerGigabyte;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Cores()} × {Processor()}, {memory:0} GB, {RuntimeInformation.OSDescription}"
        );
    }

    /// <summary>Versions of what takes part; what is not installed is left out.</summary>
    public static string Versions()
    {
        IEnumerable<string?> versions =
        [
            RuntimeInformation.FrameworkDescription,
            Named("Redis", FirstLine("redis-server", "--version")?.Split("v=")[1].Split(' ')[0]),
            Named("Node.js", FirstLine("node", "--version")?.TrimStart('v')),
            Named("commit", FirstLine("git", "rev-parse", "--short", "HEAD")),
        ];
        return string.Join(", ", versions.Where(version => version is not null));
    }

    // This process is pinned to one of them, so the runtime's own count would be one.
    private static int Cores() => ProcessorLines("processor").Count();

    private static string Processor() =>
        ProcessorLines("model name").FirstOrDefault()?.Split(':')[1].Trim()
        ?? RuntimeInformation.ProcessArchitecture.ToString();

    private static IEnumerable<string> ProcessorLines(string name) =>
        File.ReadLines("/proc/cpuinfo").Where(line => line.StartsWith(name, StringComparison.Ordinal));

    private static string? Named(string name, string? version) => version is null ? null : $"{name} {version}";

    private static string? FirstLine(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
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
