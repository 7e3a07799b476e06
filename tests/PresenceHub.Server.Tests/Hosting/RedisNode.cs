using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PresenceHub.Contracts;
using PresenceHub.Server.Hosting;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;
using PresenceHub.Testing;

namespace PresenceHub.Server.Tests.Hosting;

/// <summary>What one node does with Redis apart from Graph: store, mirror, probe, interest and quotas, made from
/// settings.</summary>
internal sealed class RedisNode : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private RedisNode(ServiceProvider services) => _services = services;

    public MirrorFollower Follower => Get<MirrorFollower>();

    public SubscriptionProbe Probe => Get<SubscriptionProbe>();

    public PresenceMirror Mirror => Get<PresenceMirror>();

    /// <summary>Starts a node and waits until it is in sync.</summary>
    public static async Task<RedisNode> StartAsync(params (string Name, string? Value)[] settings)
    {
        var node = new RedisNode(Build(settings));
        foreach (var service in node._services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        await Eventually.GetAsync(() => Task.FromResult(node.Follower.Failure), failure => failure is null);
        return node;
    }

    public static ServiceProvider Build(params (string Name, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))
            .AddInMemoryCollection([KeyValuePair.Create("Store:Partitions", (string?)"2")])
            .Build();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging()
            .AddMetrics()
            .AddRedis()
            .AddStore()
            .AddSingleton(new HubTenant(Guid.NewGuid()))
            .AddWatchLists()
            .BuildServiceProvider();
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Watches as a connection would.</summary>
    public void Watch(SubjectId subject)
    {
        var list = new WatchList(
            Guid.NewGuid().ToString(),
            new Watcher(Guid.Empty, "watcher"),
            int.MaxValue,
            Get<InterestIndex>(),
            outbox: null
        );
        list.Add([subject]);
        list.Announce([subject]);

        // As the fan-out does, which is not part of this node.
        Mirror.Track([subject]);
    }

    public Task ApplyAsync(SubjectId subject, string availability) =>
        Get<PresenceStore>()
            .ApplyAsync(
                [
                    new Observation(
                        subject,
                        availability,
                        availability,
                        null,
                        Get<StoreClock>().Now,
                        ObservationSource.Poll
                    ),
                ],
                CancellationToken.None
            );

    public async Task<StoredEntry?> ReadAsync(SubjectId subject)
    {
        var snapshot = await Get<PresenceStore>()
            .ReadAsync(Get<StoreKeys>().PartitionOf(subject), [subject], CancellationToken.None);
        return snapshot.Entries[0];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>().Reverse())
        {
            await service.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
    }
}
