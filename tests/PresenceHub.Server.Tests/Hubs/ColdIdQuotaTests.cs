using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.Store;
using PresenceHub.Server.Tests.Store;
using PresenceHub.Server.Tests.WatchLists;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.Hubs;

public sealed class ColdIdQuotaTests : IDisposable
{
    private const int PerMinute = 4;
    private static readonly Watcher Watcher = new(Guid.NewGuid(), "watcher");

    private readonly ReadBench _bench = new();
    private readonly UnknownSubjects _unknown;
    private readonly InterestIndex _index = new([]);
    private readonly ColdIdQuota _quota;
    private readonly WatcherUsage _usage;

    public ColdIdQuotaTests()
    {
        var options = Options.Create(new WatchListOptions());
        var quotas = Quotas.Of(options.Value, new QuotaOptions { ColdIdsPerMinute = PerMinute }, _bench.Time);
        _unknown = new UnknownSubjects(_bench.Time);
        _quota = new ColdIdQuota(_index, _bench.Mirror, _unknown);
        _usage = quotas.Of(Watcher, []);
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task ChargeRead_LiveOrKnownToBeUnknown_AsksGraphForNeither()
    {
        await _bench.FollowAsync();
        var (live, unheardOf) = (Known(_bench.Mirror.StaleBefore + 1), Never());
        _unknown.Add([unheardOf.Subject]);

        Assert.Empty(_quota.ChargeRead(_usage, [live, unheardOf]));
        Assert.True(_usage.ColdIds.IsFull);
    }

    [Fact]
    public async Task ChargeRead_OldEntriesBeyondTheQuota_AreAnsweredAsTheyAre()
    {
        await _bench.FollowAsync();
        StoredEntry[] old =
        [
            .. Enumerable.Range(0, PerMinute).Select(_ => Known(observedAt: 1) with { IsStale = true }),
        ];

        Assert.Equal(old.Select(entry => entry.Subject).ToHashSet(), _quota.ChargeRead(_usage, old));
        Assert.Empty(_quota.ChargeRead(_usage, old));
    }

    [Fact]
    public async Task ChargeRead_NothingIsKnown_AsksGraphUntilTheQuotaIsUsed()
    {
        await _bench.FollowAsync();
        StoredEntry[] cold = [.. Enumerable.Range(0, PerMinute).Select(_ => Never())];

        Assert.Equal(PerMinute, _quota.ChargeRead(_usage, cold).Count);
        Assert.Throws<QuotaExceededException>(() => _quota.ChargeRead(_usage, cold));
    }

    [Fact]
    public void ChargeRead_LostPartition_AsksNothing()
    {
        Assert.Empty(_quota.ChargeRead(_usage, [Never()]));
        Assert.True(_usage.ColdIds.IsFull);
    }

    [Fact]
    public void ChargeWatch_MadeUpIdsInALostPartition_AreCharged()
    {
        _quota.ChargeWatch(_usage, [Never(), Never(), Known(observedAt: 1)]);

        Assert.Equal(2, _usage.ColdIds.Taken);
    }

    [Fact]
    public void ChargeWatch_SubjectIsAnnouncedByThisNode_CostsNothing()
    {
        var (announced, added) = (Never(), Never());
        var list = new WatchList("connection", Watcher, limit: 10, _index, outbox: null);
        list.Add([announced.Subject, added.Subject]);
        list.Announce([announced.Subject]);

        _quota.ChargeWatch(_usage, [announced, added]);

        Assert.Equal(1, _usage.ColdIds.Taken);
    }

    private static StoredEntry Never() => StoredEntry.NeverObserved(new SubjectId(Guid.NewGuid()), epoch: 1);

    private static StoredEntry Known(long observedAt) =>
        new(new SubjectId(Guid.NewGuid()), "Busy", "InACall", Since: 1, observedAt, Epoch: 1, Revision: 1);
}
