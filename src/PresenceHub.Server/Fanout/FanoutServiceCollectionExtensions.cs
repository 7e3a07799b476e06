using Microsoft.Extensions.DependencyInjection.Extensions;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Fanout;

internal static class FanoutServiceCollectionExtensions
{
    public static IServiceCollection AddFanout(this IServiceCollection services)
    {
        services
            .AddOptionsWithValidateOnStart<FanoutOptions, FanoutOptionsValidator>()
            .BindConfiguration(FanoutOptions.SectionName);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Outboxes>();
        services.AddSingleton<FanoutMetrics>();
        services.AddSingleton<IInterestObserver, MirrorInterest>();
        services.AddHostedService<ChangeDispatcher>();
        services.AddSingleton<FanoutService>();
        services.AddHostedService(provider => provider.GetRequiredService<FanoutService>());
        return services;
    }
}
