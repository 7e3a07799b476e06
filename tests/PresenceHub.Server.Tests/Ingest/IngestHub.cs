using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PresenceHub.GraphEmulator;
using PresenceHub.Server.Control;
using PresenceHub.Server.Hosting;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;
using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Ingest;

/// <summary>A hub without its client side, over a Redis and an emulator that run.</summary>
internal static class IngestHub
{
    public static async Task<(WebApplication Hub, Uri Address, LogLines Log)> StartAsync(
        RedisProcess redis,
        GraphEmulatorServer emulator,
        GraphEmulatorOptions options,
        (string Name, string Value)[] settings
    )
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Take()}"));

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(address.ToString());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Graph:Mode"] = "Emulator",
                ["Graph:BaseUrl"] = new Uri(emulator.BaseAddress, "v1.0").ToString(),
                ["Graph:AuthorityHost"] = emulator.BaseAddress.ToString(),
                ["Graph:TenantId"] = options.TenantId,
                ["Graph:ClientId"] = options.ClientId,
                ["Graph:ClientSecret"] = options.ClientSecret,
                ["Graph:NotificationUrl"] = address.ToString(),
                ["Graph:Accounts:0:UserId"] = emulator.ServiceAccountId,
            }
        );
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))
        );
        builder.Services.AddRouting().AddLogging().AddMetrics();
        BoundedLoggerFactory.AddTo(builder.Services);
        var log = new LogLines();
        builder.Services.AddSingleton<ILoggerProvider>(log);
        builder.Services.AddSingleton<IConnectionMultiplexer>(_ =>
            ConnectionMultiplexer.Connect(redis.ConnectionString)
        );
        builder.Services.AddKeyedSingleton<IConnectionMultiplexer>(ControlConnection.Key, (_, _) =>
            ConnectionMultiplexer.Connect(redis.ConnectionString)
        );
        builder.Services.AddStore().AddWatchLists().AddIngest();
        builder.Services.Configure<GraphOptions>(graph => graph.TrustedRootPem = emulator.RootCertificatePem);
        builder.Services.AddSingleton(new RedisNames());
        builder.Services.AddSingleton(new HubTenant(Guid.Parse(options.TenantId)));

        var hub = builder.Build();
        hub.UseRouting();
        hub.MapGraphNotifications();
        await hub.StartAsync();
        return (hub, address, log);
    }
}
