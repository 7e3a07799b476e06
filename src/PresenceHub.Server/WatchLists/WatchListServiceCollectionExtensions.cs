using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.WatchLists;

internal static class WatchListServiceCollectionExtensions
{
    public static IServiceCollection AddWatchLists(this IServiceCollection services)
    {
        services
            .AddOptionsWithValidateOnStart<WatchListOptions, WatchListOptionsValidator>()
            .BindConfiguration(WatchListOptions.SectionName);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<NodeId>();
        services.AddSingleton<InterestKeys>();
        services.AddSingleton<RefreshRequests>();
        services.AddSingleton<Audit>();
        services.AddSingleton<Revocations>();
        services.AddSingleton<UnknownSubjects>();
        services.AddSingleton<UnknownNotices>();
        services.AddHostedService<UnknownSubjectsFollower>();
        services
            .AddOptionsWithValidateOnStart<WatchPolicyOptions, WatchPolicyOptionsValidator>()
            .BindConfiguration(WatchPolicyOptions.SectionName)
            .ConfigureList(
                $"{WatchPolicyOptions.SectionName}:{nameof(WatchPolicyOptions.HiddenSubjects)}",
                (policy, subjects) => policy.HiddenSubjects = subjects
            )
            .ConfigureList(
                $"{WatchPolicyOptions.SectionName}:{nameof(WatchPolicyOptions.DeniedWatchers)}",
                (policy, watchers) => policy.DeniedWatchers = watchers
            );
        services.AddSingleton<IWatchPolicy, SameTenantPolicy>();
        services.AddSingleton<SettingsFiles>();
        services.AddSingleton<IWatchPolicy, OperatorPolicy>();
        services.AddSingleton<WatchPolicies>();
        services.AddHostedService<PolicyReview>();
        services.AddSingleton<IValidateOptions<QuotaOptions>, QuotaOptionsValidator>();
        services.AddOptions<QuotaOptions>().BindConfiguration(QuotaOptions.SectionName).ValidateOnStart();
        services.AddSingleton<WatcherQuotas>();
        services.AddHostedService<QuotaExchange>();
        services.AddSingleton<ConnectionWatchLists>();
        services.AddSingleton<InterestLeases>();
        services.AddSingleton<InterestIndex>();
        services.AddSingleton<IInterestObserver>(provider => provider.GetRequiredService<InterestLeases>());
        services.AddHostedService(provider => provider.GetRequiredService<InterestLeases>());
        return services;
    }
}
