using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Ingest.Polling;
using PresenceHub.Server.Ingest.Protection;
using PresenceHub.Server.Ingest.Subscriptions;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest;

internal static class IngestServiceCollectionExtensions
{
    public static IServiceCollection AddIngest(this IServiceCollection services)
    {
        services
            .AddOptionsWithValidateOnStart<GraphOptions, GraphOptionsValidator>()
            .BindConfiguration(GraphOptions.SectionName);
        services
            .AddOptionsWithValidateOnStart<PollingOptions, PollingOptionsValidator>()
            .BindConfiguration(PollingOptions.SectionName);
        services
            .AddOptionsWithValidateOnStart<NotificationOptions, NotificationOptionsValidator>()
            .BindConfiguration(NotificationOptions.SectionName);
        services
            .AddOptionsWithValidateOnStart<SubscriptionOptions, SubscriptionOptionsValidator>()
            .BindConfiguration(SubscriptionOptions.SectionName);
        services.AddSingleton<IPostConfigureOptions<StoreOptions>, StaleAfterFromPolling>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IngestKeys>();
        services.AddSingleton<IngestMetrics>();
        services.AddSingleton<Leadership>();
        services.AddHostedService(provider => provider.GetRequiredService<Leadership>());
        return services.AddGraph().AddAccounts().AddPolling().AddSubscriptions().AddNotifications();
    }

    private static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddSharedKeys();
        services.AddSingleton<AccountTokenCache>();
        services.AddSingleton<AccountSignIn>();
        services.AddSingleton<AccountRegistry>();
        services.AddSingleton<AccountPool>();
        services.AddSingleton<DelegatedTokens>();
        return services;
    }

    private static IServiceCollection AddGraph(this IServiceCollection services)
    {
        services.AddSingleton<SubscriptionAvailability>();
        services.AddSingleton<GraphMetrics>();
        services.AddSingleton<TrustedRoot>();
        services.AddSingleton<ThrottleGate>();
        services.AddSingleton<GraphBudget>();
        services.AddSingleton<RequestPacer>();
        services.AddSingleton<GraphAdmission>();
        services.AddSingleton(provider => provider.GetRequiredService<GraphAdmission>().Pages);
        services.AddSingleton<GraphClients>();
        services.AddSingleton<EmulatorSignIn>();
        services.AddTransient<GraphAdmissionHandler>();
        services.AddTransient<GraphRequestMetricsHandler>();

        // What fails is logged once where it is dealt with, not once per attempt.
        services.Configure<Polly.Telemetry.TelemetryOptions>(options =>
            options.LoggerFactory = NullLoggerFactory.Instance
        );
        var graph = services
            .AddHttpClient(GraphClients.GraphHttpClient, client => client.Timeout = GraphResilience.TotalTimeout)
            .RemoveAllLoggers()
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredService<TrustedRoot>().CreateHandler());
        graph.AddResilienceHandler("retry", GraphResilience.AddRetries);
        graph.AddHttpMessageHandler<GraphAdmissionHandler>();
        graph.AddHttpMessageHandler<GraphRequestMetricsHandler>();
        graph.AddResilienceHandler("attempt", GraphResilience.AddAttemptTimeout);

        services
            .AddHttpClient(GraphClients.AuthorityHttpClient, client => client.Timeout = TimeSpan.FromSeconds(20))
            .RemoveAllLoggers()
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredService<TrustedRoot>().CreateHandler());
        return services;
    }

    private static IServiceCollection AddPolling(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
            PollPace.Of(
                provider.GetRequiredService<IOptions<PollingOptions>>().Value,
                provider.GetRequiredService<SubscriptionAvailability>().IsAvailable
            )
        );
        services.AddSingleton<WatchedSubjects>();
        services.AddSingleton<PollSchedule>();
        services.AddSingleton<UnstoredReadings>();
        services.AddSingleton<PresenceReader>();
        services.AddSingleton<GraphAnswers>();
        services.AddSingleton<UnknownPeople>();
        services.AddSingleton<AnswerRecorder>();
        services.AddSingleton<PresenceIntake>();
        services.AddSingleton<PageBisection>();
        services.AddSingleton<InterestReader>();
        services.AddSingleton<InterestLoop>();
        services.AddSingleton<RefreshLoop>();
        services.AddSingleton<PageLoop>();
        services.AddSingleton<PollerTerm>();
        services.AddHostedService<PollerService>();
        return services;
    }

    private static IServiceCollection AddSubscriptions(this IServiceCollection services)
    {
        services.AddSingleton<EncryptionCertificates>();
        services.AddSingleton<WebhookKeys>();
        services.AddSingleton<WebhookKeyStore>();
        services.AddHostedService<WebhookKeyService>();
        services.AddSingleton<GraphSubscriptionsFactory>();
        services.AddSingleton<IAccountSubscriptions, SubscriptionRemoval>();
        services.AddSingleton<SubscriptionRegistry>();
        services.AddSingleton<LifecycleNotices>();
        services.AddSingleton<NotifiedSubjects>();
        services.AddSingleton<RefusedSubjects>();
        services.AddSingleton<Drift>();
        services.AddSingleton<SubscriptionTelemetry>();
        services.AddSingleton<AccountSubscriptionFactory>();

        // One scope is one term of this node as leader.
        services.AddScoped<PlannedAccounts>();
        services.AddScoped<SubscriptionPlanner>();
        services.AddScoped<SubscriptionKeeper>();
        services.AddScoped<AccountFollower>();
        services.AddScoped<NoticeFollower>();
        services.AddScoped<SubscriptionTerm>();
        services.AddHostedService<SubscriptionService>();
        return services;
    }

    private static IServiceCollection AddNotifications(this IServiceCollection services)
    {
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<ValidationTokens>();
        services.AddSingleton<NotificationQueue>();
        services.AddSingleton<NotificationGate>();
        services.AddSingleton<NotificationBodies>();
        services.AddSingleton<NotificationReceiver>();
        services.AddSingleton<NotificationAuthenticator>();
        services.AddSingleton<PayloadThreads>();
        services.AddSingleton<AppliedPayloads>();
        services.AddSingleton<SequencedPayloads>();
        services.AddSingleton<NotificationPayloads>();
        services.AddSingleton<NotificationProcessor>();
        services.AddHostedService<NotificationWorker>();
        return services;
    }
}
