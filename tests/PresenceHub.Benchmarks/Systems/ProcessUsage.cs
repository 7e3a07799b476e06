using System.Globalization;

namespace PresenceHub.Benchmarks.Systems;

/// <summary>What a process has used, from <c>/proc</c>.</summary>
internal static class ProcessUsage
{
    private const int FieldsBeforeUserTime = 11;

    // The unit of /proc/<pid>/stat on every Linux that .NET runs on (sysconf(_SC_CLK_TCK)).
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>User and system time since the process started.</summary>
    public static TimeSpan CpuTimeOf(int processId)
    {
        var stat = File.ReadAllText(Invariant($"/proc/{processId}/stat"));

        // The second field is the name in parentheses, which may hold spaces.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return Tick
            * (
                long.Parse(fields[FieldsBeforeUserTime], CultureInfo.InvariantCulture)
                + long.Parse(fields[FieldsBeforeUserTime + 1], CultureInfo.InvariantCulture)
            );
    }

    public static long ResidentBytesOf(int processId)
    {
        var line = File.ReadLines(Invariant($"/proc/{processId}/status"))
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024
            * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
