namespace PresenceHub.Server.People;

internal static class PeopleServiceCollectionExtensions
{
    public static IServiceCollection AddPeople(this IServiceCollection services)
    {
        services
            .AddOptionsWithValidateOnStart<PeopleOptions, PeopleOptionsValidator>()
            .BindConfiguration(PeopleOptions.SectionName);
        services.AddSingleton<PeopleMetrics>();
        services.AddSingleton<PeopleSupport>();
        services.AddSingleton<PeopleAdmission>();
        services.AddSingleton<GraphPeople>();
        services.AddSingleton<PeopleCache>();
        services.AddSingleton<PeopleCalls>();
        return services;
    }
}
