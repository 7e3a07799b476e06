using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Contracts;
using PresenceHub.GraphEmulator;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;
using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Ingest;

/// <summary>Emulator, Redis and a hub without its client side, all real and over sockets.</summary>
internal sealed class IngestHost : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly RedisProcess _redis;
    private readonly WebApplication _hub;
    private readonly EmulatorControl _control;

    private readonly GraphEmulatorOptions _options;
    private readonly bool _ownsBackend;

    private IngestHost(
        RedisProcess redis,
        GraphEmulatorServer emulator,
        WebApplication hub,
        Uri address,
        GraphEmulatorOptions options,
        bool ownsBackend
    )
    {
        (_redis, Emulator, _hub, Address, _options, _ownsBackend) = (
            redis,
            emulator,
            hub,
            address,
            options,
            ownsBackend
        );
        _control = new EmulatorControl(emulator.BaseAddress);
    }

    public GraphEmulatorServer Emulator { get; }

    public Uri Address { get; }

    public IServiceProvider Services => _hub.Services;

    public PresenceStore Store => Services.GetRequiredService<PresenceStore>();

    public static Task<IngestHost> StartAsync(
        Action<GraphEmulatorOptions>? emulate = null,
        params (string Name, string Value)[] settings
    ) => StartAsync(emulate, _ => settings);

    /// <param name="emulate">Changes the emulator's options.</param>
    /// <param name="settings">The hub's settings, made of the emulator that runs.</param>
    public static async Task<IngestHost> StartAsync(
        Action<GraphEmulatorOptions>? emulate,
        Func<GraphEmulatorServer, (string Name, string Value)[]> settings
    )
    {
        var options = new GraphEmulatorOptions
        {
            People = 50,
            ChangePeriod = TimeSpan.Zero,
            NotificationLatency = TimeSpan.FromMilliseconds(5),
            Switches = { AllowHttpOnLoopback = true },
        };
        emulate?.Invoke(options);
        var redis = await RedisProcess.StartAsync();
        var emulator = await GraphEmulatorServer.StartAsync(options, TimeProvider.System, null, CancellationToken.None);
        return await StartAsync(redis, emulator, options, settings(emulator));
    }

    /// <summary>Another node over the same Redis and emulator.</summary>
    public Task<IngestHost> StartNodeAsync(params (string Name, string Value)[] settings) =>
        StartAsync(_redis, Emulator, _options, settings, ownsBackend: false);

    /// <summary>Ids of the first people of the company.</summary>
    public async Task<SubjectId[]> PeopleAsync(int count) =>
        [.. (await _control.PeopleAsync(count)).Select(id => new SubjectId(Guid.Parse(id)))];

    public Task PinAsync(SubjectId subject, string availability, string activity) =>
        _control.SetPresenceAsync($"{subject}", availability, activity);

    /// <summary>Deletes a person from the directory.</summary>
    public Task DeleteAsync(SubjectId subject) => _control.DeletePersonAsync($"{subject}");

    public Task SetFaultsAsync(object faults) => _control.SetFaultsAsync(faults);

    /// <summary>People that the leader knows in a subscription.</summary>
    public int CoveredSubjects => Services.GetRequiredService<WatchedSubjects>().CoveredCount;

    public Task RevokeAsync(string accountId) => _control.RevokeAsync(accountId);

    public Task<JsonElement> CountersAsync() => _control.CountersAsync();

    public Task<JsonElement[]> SubscriptionsAsync() => _control.SubscriptionsAsync();

    private LogLines Log { get; init; } = new();

    public bool IsLogged(int eventId) => Log.EventIds.Contains(eventId);

    public RedisProcess Redis => _redis;

    /// <summary>Empties Redis, as a restart without data does.</summary>
    public async Task FlushStoreAsync()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{_redis.ConnectionString},allowAdmin=true");
        await redis.GetServers()[0].FlushAllDatabasesAsync();
    }

    public Task StopHubAsync() => _hub.StopAsync();

    /// <summary>Waits until the reader of Graph hears requests to read subjects once; those before are lost.</summary>
    public Task UntilRefreshesAreFollowedAsync()
    {
        var server = Services.GetRequiredService<IConnectionMultiplexer>().GetServers()[0];
        var channel = Services.GetRequiredService<InterestKeys>().Refreshes;
        return UntilAsync("refresh requests are followed", async () =>
            await server.SubscriptionSubscriberCountAsync(channel) > 0
        );
    }

    /// <summary>Waits until what was asked to be read was read: three checks in a row count the same requests to
    /// Graph.</summary>
    public async Task UntilIdleAsync()
    {
        var (before, same) = (string.Empty, 0);
        using var timer = new PeriodicTimer(RefreshPace.Shortest * 4);
        await UntilAsync("Graph is asked for nothing more", async () =>
        {
            await timer.WaitForNextTickAsync();
            var now = (await CountersAsync()).GetProperty("callers").GetRawText();
            same = now == before ? same + 1 : 0;
            before = now;
            return same >= 3;
        });
    }

    /// <summary>Watches as a connection would.</summary>
    public void Watch(params SubjectId[] subjects)
    {
        var index = Services.GetRequiredService<InterestIndex>();
        var list = new WatchList(
            Guid.NewGuid().ToString(),
            new Watcher(Guid.Empty, "watcher"),
            int.MaxValue,
            index,
            outbox: null
        );
        list.Add(subjects);
        list.Announce(subjects);
    }

    public async Task<StoredEntry?> ReadAsync(SubjectId subject)
    {
        var snapshot = await Store.ReadAsync(
            Services.GetRequiredService<StoreKeys>().PartitionOf(subject),
            [subject],
            CancellationToken.None
        );
        return snapshot.Entries[0];
    }

    /// <summary>Null also while the store is away.</summary>
    public async Task<StoredEntry?> TryReadAsync(SubjectId subject)
    {
        try
        {
            return await ReadAsync(subject);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>Waits until something holds that no signal tells of; the name says what was waited for in
    /// vain.</summary>
    public static async Task<TimeSpan> UntilAsync(string name, Func<Task<bool>> holds)
    {
        var begun = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await holds())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(begun) < Patience,
                $"Not in time: {name}\n{string.Join('\n', LogLines.Lines.TakeLast(40))}"
            );
            await timer.WaitForNextTickAsync();
        }

        return TimeProvider.System.GetElapsedTime(begun);
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.StopAsync();
        await _hub.DisposeAsync();
        _control.Dispose();
        if (_ownsBackend)
        {
            await Emulator.DisposeAsync();
            await _redis.DisposeAsync();
        }
    }

    private static async Task<IngestHost> StartAsync(
        RedisProcess redis,
        GraphEmulatorServer emulator,
        GraphEmulatorOptions options,
        (string Name, string Value)[] settings,
        bool ownsBackend = true
    )
    {
        var (hub, address, log) = await IngestHub.StartAsync(redis, emulator, options, settings);
        return new IngestHost(redis, emulator, hub, address, options, ownsBackend) { Log = log };
    }
}
