using PresenceHub.Fleet.Measuring;

namespace PresenceHub.Fleet.Tests.Measuring;

public sealed class MetricsProbeTests
{
    private const string Text = """
        # TYPE dotnet_process_cpu_time_seconds_total counter
        dotnet_process_cpu_time_seconds_total{otel_scope_name="System.Runtime",cpu_mode="user"} 40.5
        dotnet_process_cpu_time_seconds_total{otel_scope_name="System.Runtime",cpu_mode="system"} 11.25
        dotnet_process_cpu_time_seconds_totally 7
        plain 3
        """;

    [Theory]
    [InlineData("dotnet_process_cpu_time_seconds_total", 51.75)]
    [InlineData("plain", 3)]
    [InlineData("missing", 0)]
    public void Sum_PrometheusText_AddsAllLabelsOfTheMetric(string metric, double sum) =>
        Assert.Equal(sum, MetricsProbe.Sum(Text, metric));
}
