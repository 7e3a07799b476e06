using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Polling;

namespace PresenceHub.Server.Tests.Ingest;

internal static class TestMetrics
{
    public static IngestMetrics Create(TimeProvider? time = null) => Create(NewFactory(), time);

    public static IMeterFactory NewFactory() => new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();

    public static IngestMetrics Create(IMeterFactory meters, TimeProvider? time = null, PollingOptions? polling = null) =>
        new(meters, Options.Create(new GraphOptions()), Options.Create(polling ?? new PollingOptions()), time ?? TimeProvider.System);
}
