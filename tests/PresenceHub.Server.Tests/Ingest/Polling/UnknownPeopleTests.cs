using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Polling;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;
using PresenceHub.Testing;
using StackExchange.Redis;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Ingest.Polling;

[Trait("Category", "Functional")]
public sealed class UnknownPeopleTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task SortAsync_NoticeCannotBePublished_KeepsWhatGraphSaidOfTheOthers()
    {
        var time = new FakeTimeProvider();
        await using var away = await ConnectionMultiplexer.ConnectAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"127.0.0.1:{FreePorts.Take()},abortConnect=false,connectTimeout=100"
            )
        );
        var names = new RedisNames { KeyPrefix = Guid.NewGuid().ToString("N") };
        var options = Options.Create(new StoreOptions { Partitions = 4 });
        var keys = new StoreKeys(names, options);
        var store = new PresenceStore(
            redis.Redis,
            keys,
            new StoreChannels(redis.Redis, keys),
            new StoreClock(keys, time),
            options
        );
        var unknown = new UnknownSubjects(time);
        var notices = new UnknownNotices(away, new InterestKeys(names), unknown);
        var people = new UnknownPeople(store, keys, notices, new WatchedSubjects(time));

        var (stored, unstored) = await people.SortAsync(
            [
                new Observation(Ada, "Busy", "Busy", null, 1, ObservationSource.Poll),
                Observation.OfUnknownPerson(Ben, 1),
            ],
            CancellationToken.None
        );

        Assert.Equal(Ada, Assert.Single(stored).Subject);
        Assert.Equal(Ben, Assert.Single(unstored).Subject);
        Assert.True(unknown.Contains(Ben));
    }
}
