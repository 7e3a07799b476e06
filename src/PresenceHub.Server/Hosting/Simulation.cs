using System.Globalization;
using PresenceHub.GraphEmulator;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// What stands in for the servers that are not configured: an embedded store and an emulated tenant. In Development
/// both by default; anywhere else only what is asked for, so that a missing setting stops the start.
/// </summary>
internal sealed class Simulation : IAsyncDisposable
{
    internal const string DefaultUrl = "http://localhost:5080";

    private readonly EmbeddedStore? _store;
    private readonly GraphEmulatorServer? _emulator;

    private Simulation(EmbeddedStore? store, GraphEmulatorServer? emulator, int people) =>
        (_store, _emulator, People) = (store, emulator, people);

    public bool HasStore => _store is not null;

    /// <summary>Where the emulated Graph listens; null where none was started here.</summary>
    public Uri? EmulatorAddress => _emulator?.BaseAddress;

    public int People { get; }

    /// <summary>Starts what stands in, and tells the configuration where it is. What is configured stays as it
    /// is.</summary>
    public static async Task<Simulation> StartAsync(WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var isDevelopment = builder.Environment.IsDevelopment();
        if (ListenAddress.TryFind(configuration) is null)
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        DerivedSettings.SetDefault(
            configuration,
            "Graph:Mode",
            isDevelopment ? nameof(GraphMode.Emulator) : nameof(GraphMode.Tenant)
        );
        EmbeddedStore? store = null;
        if (isDevelopment && !RedisConnectionSource.IsConfigured(configuration))
        {
            store = new EmbeddedStore();
            configuration["Redis:ConnectionString"] = store.ConnectionString;
        }

        if (!string.Equals(configuration["Graph:Mode"], nameof(GraphMode.Emulator), StringComparison.OrdinalIgnoreCase))
        {
            return new Simulation(store, null, 0);
        }

        var options = configuration.GetSection(GraphEmulatorOptions.SectionName).Get<GraphEmulatorOptions>()
            ?? new GraphEmulatorOptions();
        var emulator = string.IsNullOrWhiteSpace(configuration["Graph:BaseUrl"])
            ? await StartEmulatorAsync(builder, options)
            : null;
        DerivedSettings.SetDefault(
            configuration,
            "Graph:AuthorityHost",
            new Uri(configuration["Graph:BaseUrl"]!).GetLeftPart(UriPartial.Authority)
        );
        DerivedSettings.SetDefault(configuration, "Graph:TenantId", options.TenantId);
        DerivedSettings.SetDefault(configuration, "Graph:ClientId", options.ClientId);
        DerivedSettings.SetDefault(configuration, "Graph:ClientSecret", options.ClientSecret);
        DerivedSettings.SetDefault(
            configuration,
            "Graph:NotificationUrl",
            OwnAddress(configuration) + configuration["Http:PathBase"]
        );
        DerivedSettings.SetDefault(configuration, "Authentication:Audience", options.HubAudience);
        return new Simulation(store, emulator, options.People);
    }

    public async ValueTask DisposeAsync()
    {
        if (_emulator is not null)
        {
            await _emulator.DisposeAsync();
        }

        _store?.Dispose();
    }

    private static async Task<GraphEmulatorServer> StartEmulatorAsync(
        WebApplicationBuilder builder,
        GraphEmulatorOptions options
    )
    {
        // The hub itself listens without TLS here, as it does behind any proxy.
        options.Switches.AllowHttpOnLoopback = true;
        var emulator = await GraphEmulatorServer.StartAsync(options, TimeProvider.System, null, CancellationToken.None);
        builder.Configuration["Graph:BaseUrl"] = new Uri(emulator.BaseAddress, "/v1.0").ToString();
        if (!builder.Configuration.GetSection("Graph:Accounts").GetChildren().Any())
        {
            for (var i = 0; i < emulator.ServiceAccountIds.Count; i++)
            {
                builder.Configuration[string.Create(CultureInfo.InvariantCulture, $"Graph:Accounts:{i}:UserId")] =
                    emulator.ServiceAccountIds[i];
            }
        }

        builder.Services.PostConfigure<GraphOptions>(graph => graph.TrustedRootPem = emulator.RootCertificatePem);
        return emulator;
    }

    private static string OwnAddress(ConfigurationManager configuration)
    {
        var own = ListenAddress.TryFind(configuration)!;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{own.Scheme}://{ListenAddress.ReachableHost(own)}:{own.Port}"
        );
    }
}
