using Microsoft.Extensions.DependencyInjection.Extensions;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

internal static class StoreServiceCollectionExtensions
{
    public static IServiceCollection AddStore(this IServiceCollection services)
    {
        services
            .AddOptionsWithValidateOnStart<StoreOptions, StoreOptionsValidator>()
            .BindConfiguration(StoreOptions.SectionName);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StoreKeys>();
        services.AddSingleton<StoreChannels>();
        services.AddSingleton<StoreClock>();
        services.AddSingleton<StoreMetrics>();
        services.AddSingleton<UnreadableEntries>();
        services.AddSingleton<PresenceStore>();
        services.AddKeyedSingleton(ControlConnection.Key, (provider, key) =>
            ActivatorUtilities.CreateInstance<PresenceStore>(
                provider,
                provider.GetRequiredKeyedService<IConnectionMultiplexer>(key)
            )
        );
        services.AddSingleton<StoreLayout>();
        services.AddSingleton<ClientReads>();
        services.AddSingleton<PresenceMirror>();
        services.AddSingleton<PartitionFollowers>();
        services.AddSingleton<MirrorFollower>();
        services.AddHostedService(provider => provider.GetRequiredService<MirrorFollower>());
        services.AddSingleton<ProbeChannels>();
        services.AddSingleton<SubscriptionProbe>();
        services.AddHostedService(provider => provider.GetRequiredService<SubscriptionProbe>());
        services.AddHostedService<MirrorComparison>();
        return services;
    }
}
