using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Tests.Ingest;
using PresenceHub.Server.WatchLists;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.WatchLists;

/// <summary>The leader, and a node that missed its message.</summary>
[Trait("Category", "Functional")]
public sealed class UnknownNoticesTests : IClassFixture<RedisFixture>
{
    private static readonly SubjectId Cid = new(Guid.NewGuid());
    private static readonly TimeSpan Left = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly UnknownSubjects _onLeader;
    private readonly UnknownSubjects _onNode;
    private readonly UnknownNotices _leader;
    private readonly UnknownNotices _node;

    public UnknownNoticesTests(RedisFixture redis)
    {
        var keys = new InterestKeys(new RedisNames { KeyPrefix = $"u{Guid.NewGuid():N}"[..20] });
        (_onLeader, _onNode) = (new UnknownSubjects(_time), new UnknownSubjects(_time));
        _leader = new UnknownNotices(redis.Redis, keys, _onLeader);
        _node = new UnknownNotices(redis.Redis, keys, _onNode);
    }

    [Fact]
    public async Task Repeat_AnswerIsOld_LapsesOnAllNodesWithTheAnswer()
    {
        await _leader.PublishAsync([Ada]);
        await _leader.SubscribeAsync();
        await _node.SubscribeAsync();
        _time.Advance(UnknownSubjects.Lifetime - Left);
        Assert.Equal([Ben], _leader.Repeat([Ada, Ben]));

        // The leader receives its own messages in order: after the second one it has received the first one too.
        await IngestHost.UntilAsync("the node knows", () => Task.FromResult(_onNode.Contains(Ada)));
        await _node.PublishAsync([Cid]);
        await IngestHost.UntilAsync("the leader knows", () => Task.FromResult(_onLeader.Contains(Cid)));

        _time.Advance(Left - TimeSpan.FromMilliseconds(1));
        Assert.True(_onLeader.Contains(Ada));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_onLeader.Contains(Ada));
        Assert.False(_onNode.Contains(Ada));
        Assert.Equal([Ada], _leader.Repeat([Ada]));
    }

    [Fact]
    public async Task Repeat_AnswersOfDifferentAges_LapseEachAtItsOwnTime()
    {
        await _leader.PublishAsync([Ada]);
        _time.Advance(UnknownSubjects.Lifetime - Left);
        await _leader.PublishAsync([Ben]);
        await _node.SubscribeAsync();
        Assert.Empty(_leader.Repeat([Ada, Ben]));
        await IngestHost.UntilAsync("the node knows both", () =>
            Task.FromResult(_onNode.Contains(Ada) && _onNode.Contains(Ben))
        );

        _time.Advance(UnknownSubjects.Lifetime - TimeSpan.FromMilliseconds(1));
        Assert.False(_onNode.Contains(Ada));
        Assert.True(_onNode.Contains(Ben));
    }

    [Fact]
    public async Task Repeat_AnswerIsAboutToLapse_IsReadInstead()
    {
        await _leader.PublishAsync([Ada]);
        _time.Advance(UnknownSubjects.Lifetime - UnknownNotices.LeastLeft);
        Assert.Empty(_leader.Repeat([Ada]));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([Ada], _leader.Repeat([Ada]));
    }

    [Fact]
    public async Task UnknownOf_KnownAndUnknownSubjects_ReturnsTheAgeOfEachAnswer()
    {
        await _leader.PublishAsync([Ada]);
        _time.Advance(Left);
        await _leader.PublishAsync([Ben]);
        Assert.Equal([(Ada, Left), (Ben, TimeSpan.Zero)], _leader.UnknownOf([Ada, Ben, Cid]));
    }
}
