using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Server.Ingest;

namespace PresenceHub.Server.Tests.Ingest;

internal static class TestMetrics
{
    public static IngestMetrics Create() =>
        new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
}
