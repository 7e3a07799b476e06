using Microsoft.Extensions.Options;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Hosting;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Ingest.Protection;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

if (ServerArguments.Answer(args) is { } exitCode)
{
    return exitCode;
}

if (HealthProbe.IsAskedFor(args))
{
    return await HealthProbe.RunAsync(args);
}

try
{
    var builder = HubSettings.CreateBuilder(args);
    BoundedLoggerFactory.AddTo(builder.Services);
    SettingsCheck.ThrowIfUnreadable(builder.Configuration);
    await using var simulation = await Simulation.StartAsync(builder);
    DerivedSettings.Apply(builder.Configuration);
    builder.Services.AddRedis().AddStore().AddWatchLists().AddIngest();
    builder.Services.AddKeyProtection(builder.Configuration).AddAdministrators(builder.Configuration);
    builder.Services.AddFanout().AddWatchHub();
    builder
        .Services.AddTenantIdentity()
        .AddHealth()
        .AddDrain()
        .AddTelemetry()
        .AddProxies()
        .AddCrossOrigin()
        .AddSendBufferLimit();
    builder.Services.AddAudit().AddProblemAnswers();

    await using var app = builder.Build();
    app.CheckSettings();
    await app.Services.GetRequiredService<StoreLayout>().CheckAsync(CancellationToken.None);
    await app.Services.GetRequiredService<StoredKeys>().CheckAsync(CancellationToken.None);
    app.UseProxies();
    app.UseProblemAnswers();
    app.UseBoardPage();
    app.UseCrossOrigin();
    app.UseDrain();
    app.MapWatchHub();
    app.MapGraphNotifications();
    app.MapAccounts();
    app.MapHealth();
    app.MapPrometheusScrapingEndpoint();
    app.MapDevelopment();
    app.AnnounceSimulation(simulation);
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException exception)
{
    return StartupFailure.Report(exception);
}
