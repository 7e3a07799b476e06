using System.Globalization;

namespace PresenceHub.Fleet.Reporting;

/// <summary>The result in a few lines, for the end of the console output.</summary>
internal static class Summary
{
    /// <summary>A code of the contract: a watcher holds as many connections as it may.</summary>
    private const string LimitExceeded = Contracts.ErrorCode.LimitExceeded;

    public static IEnumerable<string> Lines(RunResult result)
    {
        yield return $"{result.Verdict}{(result.Reason is { } reason ? $": {reason}" : string.Empty)}";
        yield return $"connections  {result.Connections.LiveAtEnd:N0} of {result.Connections.Wanted:N0} live at the "
            + $"end, all live after {Seconds(result.RampSeconds)}";
        yield return $"changes      {(result.Changes.Driven ? $"{result.Changes.Made:N0} made" : "observed")}, "
            + $"{result.Changes.Delivered:N0} delivered, {result.Changes.Skipped:N0} merged into newer ones";
        yield return $"latency      {Times(result.ChangeLatency)}";
        yield return $"staleness    {Times(result.Staleness)}";
        if (result.ConvergenceMilliseconds is { } convergence)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"convergence  {convergence:0} ms after the last change"
            );
        }

        if (result.Storm is { } storm)
        {
            yield return $"storm        {storm.Cut:N0} cut, all live again after "
                + $"{Seconds(storm.SecondsUntilAllLive)}; each {Times(result.Reconnected)}";
        }

        if (result.Server is { } server)
        {
            var entry = server.MicrosecondsPerEntry is { } cost
                ? string.Create(CultureInfo.InvariantCulture, $", {cost:0.0} µs per pushed entry")
                : string.Empty;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"server       {server.Cores:0.00} cores{entry}, {server.MemoryMegabytes:0} MB, "
                    + $"{server.KilobytesPerConnection:0.0} KB per connection"
            );
        }

        if (result.Redis is { } redis)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"Redis        {redis.Cores:0.00} cores, {redis.MemoryMegabytes:0} MB"
            );
        }

        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"tool         {result.Tool.CpuSeconds / Math.Max(result.Seconds, 1):0.00} cores, "
                + $"{result.Tool.MemoryMegabytes:0} MB"
        );
        yield return $"obeyed       {result.Counters.Refused:N0} upgrades answered 503 or 429, "
            + $"{result.Counters.Unavailable:N0} calls answered unavailable";
        foreach (var (kind, count) in result.Counters.Errors.OrderByDescending(pair => pair.Value))
        {
            yield return $"error        {count:N0} × {kind}";
        }

        if (result.Counters.Errors.Keys.Any(kind => kind.Contains(LimitExceeded, StringComparison.Ordinal)))
        {
            yield return "hint         a watcher held more connections than the hub allows: lower "
                + "--connections-per-token or raise WatchLists:MaxConnectionsPerWatcher";
        }

        var violations = result.Violations.Select(pair => $"{pair.Value:N0} {pair.Key}");
        yield return $"checks       {string.Join(", ", violations)}";
        foreach (var detail in result.Details.Take(5))
        {
            yield return $"             {detail}";
        }
    }

    private static string Seconds(double? seconds) =>
        seconds is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:0.0} s") : "– (not reached)";

    private static string Times(Measuring.LatencySummary times) =>
        times.Count is 0
            ? "–"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"p50 {times.P50:0.0} ms, p99 {times.P99:0.0} ms, p99.9 {times.P999:0.0} ms, max {times.Max:0.0} ms"
            );
}
