using Microsoft.Extensions.Options;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Ingest.Protection;
using PresenceHub.Server.People;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hosting;

/// <summary>The server from its settings to its end.</summary>
internal static class HubApplication
{
    /// <summary>Runs the server until it is asked to stop.</summary>
    /// <param name="args">Settings, as arguments of the command line.</param>
    /// <param name="configure">Changes the builder before anything is added: for a server inside another
    /// program.</param>
    /// <param name="errors">Receives the reason why the server cannot start; null writes it to the console.</param>
    /// <param name="stopping">Stops the server without a drain.</param>
    /// <returns>The exit code: 0, or 78 when a setting is missing or wrong.</returns>
    public static async Task<int> RunAsync(
        string[] args,
        Action<WebApplicationBuilder>? configure = null,
        TextWriter? errors = null,
        CancellationToken stopping = default
    )
    {
        try
        {
            var builder = HubSettings.CreateBuilder(args);
            configure?.Invoke(builder);
            BoundedLoggerFactory.AddTo(builder.Services);
            SettingsCheck.ThrowIfUnreadable(builder.Configuration);
            await using var simulation = await Simulation.StartAsync(builder);
            DerivedSettings.Apply(builder.Configuration);
            builder.Services.AddRedis().AddStore().AddWatchLists().AddIngest();
            builder.Services.AddKeyProtection(builder.Configuration).AddAdministrators(builder.Configuration);
            builder.Services.AddFanout().AddWatchHub().AddPeople();
            builder
                .Services.AddTenantIdentity()
                .AddHealth()
                .AddDrain()
                .AddTelemetry()
                .AddProxies()
                .AddCrossOrigin()
                .AddSendBufferLimit();
            builder.Services.AddAudit().AddProblemAnswers().AddApiDescription().AddBoard();

            await using var app = builder.Build();
            app.CheckSettings();
            await app.Services.GetRequiredService<StoreLayout>().CheckAsync(CancellationToken.None);
            await app.Services.GetRequiredService<StoredKeys>().CheckAsync(CancellationToken.None);
            app.UseProxies();
            app.UseProblemAnswers();
            app.UseClientBundle();
            app.UseEmbedPage();
            app.UsePlaygroundPage();
            app.UseBoardPage();
            app.MapBoardConfiguration();
            app.UseCrossOrigin();
            app.UseDrain();
            app.MapWatchHub();
            app.MapPeople();
            app.MapPhotos();
            app.MapGraphNotifications();
            app.MapAccounts();
            app.MapHealth();
            app.MapPrometheusScrapingEndpoint();
            app.MapDevelopment();
            app.MapPlayground(simulation);
            app.UseApiDescription();
            app.AnnounceSimulation(simulation);
            await app.RunAsync(stopping);
            return 0;
        }
        catch (OptionsValidationException exception)
        {
            return StartupFailure.Report(exception, errors ?? Console.Error);
        }
    }
}
