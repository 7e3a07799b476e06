using System.Text.Json;
using System.Text.Json.Serialization;
using PresenceHub.GraphEmulator.Control;
using PresenceHub.GraphEmulator.Faults;
using PresenceHub.GraphEmulator.Notifications;
using PresenceHub.GraphEmulator.People;
using PresenceHub.GraphEmulator.Presences;
using PresenceHub.GraphEmulator.Requests;
using PresenceHub.GraphEmulator.Subscriptions;
using PresenceHub.GraphEmulator.Throttling;
using PresenceHub.GraphEmulator.Tokens;

namespace PresenceHub.GraphEmulator.Hosting;

/// <summary>The services of the emulator and its request pipeline.</summary>
internal static class EmulatorServices
{
    // Requests that hang intentionally must not prevent the embedding program from stopping.
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(2);

    public static void AddEmulator(this IServiceCollection services, GraphEmulatorOptions options, TimeProvider time)
    {
        services
            .AddSingleton(options)
            .AddSingleton(options.Switches)
            .AddSingleton(time)
            .AddSingleton<EmulatorAddress>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownPatience);
        services.AddSingleton(LoopbackCertificates.Create(TimeProvider.System.GetUtcNow()));
        services.AddSingleton(new Company(options.People, options.ServiceAccounts, options.Seed));
        services.AddSingleton<PresenceBoard>().AddSingleton<PresenceWriter>().AddHostedService<PresencePump>();
        services
            .AddSingleton<SigningKeys>()
            .AddSingleton<TokenIssuer>()
            .AddSingleton<BearerTokens>()
            .AddSingleton<Revocations>();
        services
            .AddSingleton<AuthorizationCodes>()
            .AddSingleton<AuthorizeEndpoint>()
            .AddSingleton<ClientAuthentication>();
        services.AddSingleton<Accounts>().AddSingleton<TokenGrants>();
        services
            .AddSingleton<SubscriptionBook>()
            .AddSingleton<SubscriptionRules>()
            .AddSingleton<SubscriptionAdmission>();
        services
            .AddSingleton<SubscriptionCreation>()
            .AddSingleton<SubscriptionRenewal>()
            .AddSingleton<SubscriptionWriter>();
        services.AddSingleton<EndpointValidation>().AddHostedService<SubscriptionClock>();
        services
            .AddSingleton<NotificationClient>()
            .AddSingleton<ValidationTokens>()
            .AddSingleton<NotificationPayloads>();
        services.AddSingleton<NotificationCounts>().AddSingleton<HeldNotifications>().AddSingleton<DeliveryTools>();
        services.AddSingleton<NotificationDispatcher>();
        services.ConfigureHttpJsonOptions(json =>
        {
            // A fault with a misspelled name would otherwise have no effect and a test would pass without it.
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        });
        services.AddControlDescription();
        services.AddSingleton<FaultSet>().AddSingleton<RequestBudgets>().AddSingleton<RequestCounters>();
    }

    public static void UseEmulator(this WebApplication app)
    {
        app.UseRouting();
        app.UseMiddleware<CallerMiddleware>();
        app.UseMiddleware<CounterMiddleware>();
        app.UseMiddleware<ThrottleMiddleware>();
        app.UseMiddleware<FaultMiddleware>();
        app.MapControl();
        app.MapEntra();
        var graph = app.MapGroup("/v1.0");
        graph.MapUsers();
        graph.MapPhotos();
        graph.MapPresenceReads();
        graph.MapSubscriptions();

        app.Services.GetRequiredService<PresenceBoard>().Changed = app
            .Services.GetRequiredService<NotificationDispatcher>()
            .Accept;
    }
}
