using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest;

namespace PresenceHub.Server.Tests.Ingest;

internal static class TestMetrics
{
    public static IngestMetrics Create() => Create(NewFactory());

    public static IMeterFactory NewFactory() =>
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    public static IngestMetrics Create(IMeterFactory meters, PollingOptions? polling = null) =>
        new(meters, Options.Create(polling ?? new PollingOptions()));
}
