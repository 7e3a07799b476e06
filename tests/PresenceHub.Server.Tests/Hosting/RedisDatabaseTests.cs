using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;
using PresenceHub.Testing;

namespace PresenceHub.Server.Tests.Hosting;

[Trait("Category", "Functional")]
public sealed class RedisDatabaseTests(RedisServer server) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task TwoHubs_OnDatabasesOfOneServer_DoNotReceiveEachOthersMessages()
    {
        await using var first = await StartAsync(0);
        await using var third = await StartAsync(3);
        await using var peer = await StartAsync(3);
        var subject = new SubjectId(Guid.NewGuid());
        RedisNode[] nodes = [first, third, peer];
        var heard = Array.ConvertAll(nodes, _ => new Signals<string>());
        foreach (var (node, signals) in nodes.Zip(heard))
        {
            node.Watch(subject);
            await node.Get<RefreshRequests>().SubscribeAsync((subjects, _) => signals.Add($"wanted {subjects.Count}"));
            await node.Get<UnknownNotices>().SubscribeAsync();
            await Eventually.GetAsync(
                () => Task.FromResult(node.Mirror.Partitions[node.Get<StoreKeys>().PartitionOf(subject)].IsFollowing),
                following => following
            );
            node.Mirror.Changed += entries =>
                entries.ToList().ForEach(entry => signals.Add($"changed {entry.Subject}"));
        }

        await third.ApplyAsync(subject, "Busy");
        await third.Get<RefreshRequests>().PublishAsync([subject, .. Churn.Strangers(4)]);
        await third.Get<UnknownNotices>().PublishAsync([subject]);
        await heard[2].FirstAsync(line => line == $"changed {subject}");
        await heard[2].FirstAsync(line => line == "wanted 5");
        await Eventually.GetAsync(() => Task.FromResult(peer.Get<UnknownSubjects>().Contains(subject)), known => known);

        // Messages of its own come after those that the others have sent before. Its lease announces what it watches:
        // one or two.
        var own = new SubjectId(Guid.NewGuid());
        first.Watch(own);
        await first.Get<RefreshRequests>().PublishAsync([own, .. Churn.Strangers(2)]);
        await first.ApplyAsync(own, "Away");
        await first.Get<UnknownNotices>().PublishAsync([own]);
        await heard[0].FirstAsync(line => line == "wanted 3");
        await heard[0].FirstAsync(line => line == $"changed {own}");
        await Eventually.GetAsync(() => Task.FromResult(first.Get<UnknownSubjects>().Contains(own)), known => known);
        Assert.Null(await first.ReadAsync(subject));
        Assert.Equal("Busy", (await peer.ReadAsync(subject))?.Availability);
        Assert.DoesNotContain($"changed {subject}", heard[0].All);
        Assert.DoesNotContain("wanted 5", heard[0].All);
        Assert.False(first.Get<UnknownSubjects>().Contains(subject));
        Assert.All(nodes, node => Assert.Null(node.Probe.Failure));
    }

    private Task<RedisNode> StartAsync(int database) =>
        RedisNode.StartAsync(("Redis:ConnectionString", $"redis://{server.ConnectionString}/{database}"));
}
