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
        services.AddSingleton<PeopleQueries>();
        services.AddSingleton<GraphPeople>();
        services.AddSingleton<GraphPhotos>();
        services.AddSingleton<PeoplePhotos>();
        services.AddSingleton<PeopleCache>();
        services.AddSingleton<PeoplePolicy>();
        services.AddSingleton<PeopleCalls>();
        services.AddSingleton<PeopleSearch>();
        services.AddSingleton<PeopleLists>();
        return services;
    }
}
