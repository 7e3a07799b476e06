using PresenceHub.Server.Hosting;
using PresenceHub.Server.Store;

namespace PresenceHub.Benchmarks.Systems;

/// <summary>The hub's store without the rest of a node.</summary>
internal static class StoreServices
{
    public static ServiceProvider Create(string redis, string staleAfter)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?>
                {
                    ["Redis:ConnectionString"] = redis + ",asyncTimeout=30000",
                    ["Store:StaleAfter"] = staleAfter,
                }
            )
            .Build();
        var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<IConfiguration>(configuration);
        services.AddRedis().AddStore();
        return services.BuildServiceProvider();
    }
}
