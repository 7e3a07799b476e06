using System.Globalization;
using PresenceHub.Fleet.Runs;

namespace PresenceHub.Fleet.Reporting;

/// <summary>A line every five seconds, for logs and pipes.</summary>
internal sealed class PlainDisplay(TextWriter output) : IRunDisplay
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private TimeSpan? _last;
    private RunPhase? _phase;

    public void Show(RunStatus status)
    {
        if (status.Phase == _phase && status.Elapsed - _last < Period)
        {
            return;
        }

        (_last, _phase) = (status.Elapsed, status.Phase);
        var left = status.Remaining is { } remaining ? $", {remaining.TotalSeconds:0} s left" : string.Empty;
        var latency = status.P50 is { } p50
            ? string.Create(CultureInfo.InvariantCulture, $", p50 {p50:0.0} ms, p99 {status.P99:0.0} ms")
            : string.Empty;
        var server = status.ServerCpu is { } cpu
            ? string.Create(
                CultureInfo.InvariantCulture,
                $", server {cpu:0.00} cores {status.ServerMemoryMegabytes:0} MB"
            )
            : string.Empty;
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{status.Elapsed.TotalSeconds, 6:0} s {status.Phase.ToString().ToLowerInvariant(), -10} "
                    + $"{status.Live:N0}/{status.Wanted:N0} live, {status.EntriesPerSecond:N0} entries/s{latency}, "
                    + $"{status.Errors:N0} errors, {status.Violations:N0} violations{server}{left}"
            )
        );
    }

    public void Note(string line) => output.WriteLine(line);
}
