using System.Globalization;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Replaces servers that are not configured by an embedded store and an emulated tenant. In Development both are
/// replaced by default; in any other environment only on request, so that a missing setting stops the start.
/// </summary>
internal sealed class Simulation : IAsyncDisposable
{
    internal const string DefaultUrl = "http://localhost:5080";

    private readonly SemaphoreSlim _restart = new(1);
    private IDisposable? _store;
    private Action? _restartStore;
    private IAsyncDisposable? _emulator;

    private Simulation() { }

    public bool HasStore => _store is not null;

    /// <summary>The address of the emulator in this process; null if it does not run here.</summary>
    public Uri? EmulatorAddress { get; private set; }

    public int People { get; private set; }

    /// <summary>Starts the replacements and writes their addresses into the configuration. Configured values stay
    /// unchanged.</summary>
    /// <exception cref="OptionsValidationException">A replacement is needed, but a published server contains
    /// none.</exception>
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
        var isEmulated = string.Equals(
            configuration["Graph:Mode"],
            nameof(GraphMode.Emulator),
            StringComparison.OrdinalIgnoreCase
        );
        var needsStore = isDevelopment && !RedisConnectionSource.IsConfigured(configuration);
        var needsGraph = isEmulated && string.IsNullOrWhiteSpace(configuration["Graph:BaseUrl"]);
        ThrowIfNotIncluded(needsStore, needsGraph);

        var simulation = new Simulation();
        if (needsStore)
        {
            (simulation._store, simulation._restartStore) = DevelopmentServers.StartStore(configuration);
        }

        if (needsGraph)
        {
            (simulation._emulator, simulation.EmulatorAddress, simulation.People) =
                await DevelopmentServers.StartGraphAsync(builder);
        }

        if (isEmulated)
        {
            EmulatorDefaults.Apply(configuration);
            DerivedSettings.SetDefault(
                configuration,
                "Graph:NotificationUrl",
                OwnAddress(configuration) + configuration["Http:PathBase"]
            );
        }

        return simulation;
    }

    /// <summary>Restarts the embedded store, which loses its data.</summary>
    /// <returns>False if there is no embedded store, or a restart is under way already.</returns>
    public async Task<bool> TryRestartStoreAsync()
    {
        if (_restartStore is not { } restart || !await _restart.WaitAsync(TimeSpan.Zero))
        {
            return false;
        }

        try
        {
            // The store stops its threads synchronously.
            await Task.Run(restart);
            return true;
        }
        finally
        {
            _restart.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_emulator is not null)
        {
            await _emulator.DisposeAsync();
        }

        _store?.Dispose();
        _restart.Dispose();
    }

    private static void ThrowIfNotIncluded(bool needsStore, bool needsGraph)
    {
        if (!(needsStore || needsGraph) || DevelopmentServers.AreIncluded)
        {
            return;
        }

        var problems = new List<string>();
        if (needsStore)
        {
            problems.Add("Redis:ConnectionString is not set, and a published server contains no embedded store");
        }

        if (needsGraph)
        {
            problems.Add(
                "Graph:Mode is Emulator, but a published server contains no emulator: set Graph:Mode to Tenant, "
                    + "or Graph:BaseUrl to an emulator that runs elsewhere"
            );
        }

        throw new OptionsValidationException(string.Empty, typeof(Simulation), problems);
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
