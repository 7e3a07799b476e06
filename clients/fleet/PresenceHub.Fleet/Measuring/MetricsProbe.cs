using System.Globalization;

namespace PresenceHub.Fleet.Measuring;

/// <summary>CPU time and memory from the Prometheus text of the nodes' <c>/metrics</c>, added up.</summary>
internal sealed class MetricsProbe(HttpClient http, IReadOnlyList<Uri> addresses) : IResourceProbe
{
    private const string CpuMetric = "dotnet_process_cpu_time_seconds_total";
    private const string MemoryMetric = "dotnet_process_memory_working_set_bytes";
    private const double BytesPerMegabyte = 1024 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    public async Task<ResourceUse?> ReadAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            var texts = await Task.WhenAll(addresses.Select(address => http.GetStringAsync(address, timeout.Token)));
            return new ResourceUse(
                texts.Sum(text => Sum(text, CpuMetric)),
                texts.Sum(text => Sum(text, MemoryMetric)) / BytesPerMegabyte
            );
        }
        catch (Exception exception)
            when (exception is HttpRequestException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            return null;
        }
    }

    /// <summary>Adds up all samples of a metric, whatever their labels.</summary>
    internal static double Sum(string text, string metric)
    {
        var sum = 0.0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (
                line.StartsWith(metric, StringComparison.Ordinal)
                && line.Length > metric.Length
                && line[metric.Length] is '{' or ' '
                && double.TryParse(
                    line[(line.LastIndexOf(' ') + 1)..],
                    NumberStyles.Float,
                    CultureInfo.InvariantCulture,
                    out var value
                )
            )
            {
                sum += value;
            }
        }

        return sum;
    }
}
