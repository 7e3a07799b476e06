using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;
using PresenceHub.Testing;

namespace PresenceHub.Server.Tests.Hosting;

[Trait("Category", "Functional")]
public sealed class RedisDatabaseTests(RedisServer server) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task TwoHubs_OnDatabasesOfOneServer_DoNotHearEachOther()
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
            await node.Get<WantedSubjects>().SubscribeAsync((subjects, _) => signals.Add($"wanted {subjects.Count}"));
            await node.Get<UnknownNotices>().SubscribeAsync();
            await Eventually.GetAsync(() => Task.FromResult(node.Mirror.Partitions[node.Get<StoreKeys>().PartitionOf(subject)].IsFollowing), following => following);
            node.Mirror.Changed += _ => signals.Add("changed");
        }

        await third.ApplyAsync(subject, "Busy");
        await third.Get<WantedSubjects>().PublishAsync([subject, new SubjectId(Guid.NewGuid())]);
        await third.Get<UnknownNotices>().PublishAsync([subject]);
        await heard[2].FirstAsync(line => line == "changed");
        await heard[2].FirstAsync(line => line == "wanted 2");
        await Eventually.GetAsync(() => Task.FromResult(peer.Get<UnknownSubjects>().Contains(subject)), known => known);

        // Messages of its own come after whatever the others have sent before. Three subjects: a node also asks for what it watches.
        await first.Get<WantedSubjects>().PublishAsync([subject, new SubjectId(Guid.NewGuid()), new SubjectId(Guid.NewGuid())]);
        await heard[0].FirstAsync(line => line == "wanted 3");
        Assert.Null(await first.ReadAsync(subject));
        Assert.DoesNotContain("changed", heard[0].All);
        await first.ApplyAsync(subject, "Away");
        await heard[0].FirstAsync(line => line == "changed");
        Assert.Equal("Busy", (await peer.ReadAsync(subject))?.Availability);
        Assert.Single(heard[0].All, line => line == "changed");
        Assert.DoesNotContain("wanted 2", heard[0].All);
        Assert.False(first.Get<UnknownSubjects>().Contains(subject));
        Assert.All(nodes, node => Assert.Null(node.Probe.Failure));
    }

    private Task<RedisNode> StartAsync(int database) => RedisNode.StartAsync(("Redis:ConnectionString", $"redis://{server.ConnectionString}/{database}"));
}
