using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Polling;
using PresenceHub.Server.WatchLists;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Ingest;

/// <summary>Ids that a client makes up, over real sockets: what they cost Graph, Redis and the subscriptions.</summary>
[Trait("Category", "Functional")]
public sealed class MadeUpIdsFlowTests
{
    private const int PageSize = PresenceReader.MaxPageSize;
    private static readonly (string, string) OnlyPolling = ("Notifications:Enabled", "false");

    [Fact]
    public async Task Publish_IdsThatGraphDoesNotKnow_AreToldToEveryNodeAndNotReadAgain()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyPolling);
        await using var other = await host.StartNodeAsync(OnlyPolling);
        await host.UntilRefreshesAreFollowedAsync();
        var strangers = Strangers(300);
        var keys = await KeysAsync(host);

        await other.Services.GetRequiredService<RefreshRequests>().PublishAsync(strangers);
        var known = other.Services.GetRequiredService<UnknownSubjects>();
        await IngestHost.UntilAsync("the other node knows", () => Task.FromResult(strangers.All(known.Contains)));
        await host.UntilIdleAsync();
        var reads = await host.ReadsAsync();
        Assert.Equal(2, reads);

        await other.Services.GetRequiredService<RefreshRequests>().PublishAsync(strangers);
        await host.UntilIdleAsync();
        Assert.Equal(reads, await host.ReadsAsync());
        Assert.All(await Task.WhenAll(strangers.Select(host.ReadAsync)), Assert.Null);
        Assert.InRange(await KeysAsync(host) - keys, 0, 20);
    }

    [Fact]
    public async Task PublishWatched_IdsThatGraphDidNotKnowJustBefore_AreNotReadAgain()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyPolling);
        await host.UntilRefreshesAreFollowedAsync();
        var strangers = Strangers(300);
        var refreshes = host.Services.GetRequiredService<RefreshRequests>();
        await refreshes.PublishAsync(strangers);
        var known = host.Services.GetRequiredService<UnknownSubjects>();
        await IngestHost.UntilAsync("they are known as unknown", () => Task.FromResult(strangers.All(known.Contains)));
        await host.UntilIdleAsync();
        var reads = await host.ReadsAsync();

        await refreshes.PublishWatchedAsync(strangers);
        var watched = host.Services.GetRequiredService<WatchedSubjects>();
        await IngestHost.UntilAsync("they are watched", () =>
            Task.FromResult(strangers.All(stranger => watched.LeaseOf(stranger) is not Lease.None))
        );
        await host.UntilIdleAsync();
        Assert.Equal(reads, await host.ReadsAsync());
    }

    [Fact]
    public async Task Publish_PersonWhoIsStoredAndDeletedInGraph_IsStoredAsUnknown()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyPolling);
        var person = (await host.PeopleAsync(1))[0];
        await host.UntilRefreshesAreFollowedAsync();
        var refreshes = host.Services.GetRequiredService<RefreshRequests>();
        await refreshes.PublishAsync([person]);
        await host.UntilStoredAsync(person);
        Assert.True((await host.ReadAsync(person))!.IsKnown);

        await host.DeleteAsync(person);
        await refreshes.PublishAsync([person]);
        await IngestHost.UntilAsync("it is unknown", async () => await host.ReadAsync(person) is { IsKnown: false });
    }

    [Fact]
    public async Task Watch_AThousandMadeUpIds_TakeNoPlaceInASubscription()
    {
        await using var host = await IngestHost.StartAsync(null, ("Notifications:MinRecreateInterval", "00:00:00.5"));
        host.Watch(Strangers(1000));
        await IngestHost.UntilAsync("all are read", () =>
            Task.FromResult(host.Services.GetRequiredService<PollSchedule>().Counts.Unknown is 1000)
        );
        Assert.Empty(await host.SubscriptionsAsync());

        var people = await host.PeopleAsync(50);
        host.Watch(people);
        await host.UntilSubscribedAsync(50);
    }

    [Fact]
    public async Task Publish_FloodOfMadeUpIds_DelaysNobodyElseAndStaysOutOfRedis()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyPolling);
        var people = await host.PeopleAsync(50);
        host.Watch(people[0]);
        await host.UntilStoredAsync(people[0]);
        var keys = await KeysAsync(host);

        using var stop = new CancellationTokenSource();
        var flood = FloodAsync(host, stop.Token);
        var slowest = TimeSpan.Zero;
        foreach (var person in people[1..])
        {
            host.Watch(person);
            var elapsed = await host.UntilStoredAsync(person);
            slowest = elapsed > slowest ? elapsed : slowest;
        }

        await stop.CancelAsync();
        var asked = await flood;
        Assert.InRange(asked, 10 * PageSize, int.MaxValue);
        Assert.True(slowest < TimeSpan.FromSeconds(1), $"{slowest}");
        Assert.InRange(await KeysAsync(host) - keys, 0, 100);

        // Besides those that wait, a full page may be read by each loop at this moment.
        const int MaxStrangers = FirstReads.MaxOnce + GraphAdmission.PagesInFlight * PageSize;
        Assert.InRange(host.Services.GetRequiredService<PollSchedule>().Counts.All, 0, MaxStrangers + people.Length);
    }

    private static SubjectId[] Strangers(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new SubjectId(Guid.NewGuid()))];

    /// <summary>As many as one token within all limits could ask for at some 13,000 ids a second.</summary>
    private static async Task<int> FloodAsync(IngestHost host, CancellationToken stop)
    {
        var refreshes = host.Services.GetRequiredService<RefreshRequests>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var asked = 0;
        while (!stop.IsCancellationRequested)
        {
            await refreshes.PublishAsync(Strangers(PageSize));
            asked += PageSize;
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        return asked;
    }

    private static async Task<long> KeysAsync(IngestHost host) =>
        await host.Services.GetRequiredService<IConnectionMultiplexer>().GetServers()[0].DatabaseSizeAsync();
}
