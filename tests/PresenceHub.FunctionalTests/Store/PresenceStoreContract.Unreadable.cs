using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using StackExchange.Redis;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>Entries and positions that cannot be read.</summary>
public abstract partial class PresenceStoreContract
{
    public static TheoryData<string, string> BadFields =>
        new()
        {
            { "r", "" },
            { "r", "-5" },
            { "r", "9999999999999999" },
            { "o", "nan" },
            { "o", "0x10" },
            { "s", "1.5" },
            { "a", "Bu\tsy" },
            { "c", "In\nAMeeting" },
        };

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task ReadAsync_FieldThatCannotBeRead_CostsThatSubjectOnly(string field, string value)
    {
        await ApplyAsync(Poll("Busy", "Busy", _node.Clock.Now));
        await _node.Redis.GetDatabase().HashSetAsync(Key, field, value);

        await AssertIsUnreadableAndReplacedAsync();
    }

    [Theory]
    [InlineData("a")]
    [InlineData("r")]
    [InlineData("o")]
    public async Task ReadAsync_FieldMissing_CostsThatSubjectOnly(string field)
    {
        await ApplyAsync(Poll("Busy", "Busy", _node.Clock.Now));
        await _node.Redis.GetDatabase().HashDeleteAsync(Key, field);

        await AssertIsUnreadableAndReplacedAsync();
    }

    [Fact]
    public async Task ReadAsync_KeyOfAnotherType_CostsThatSubjectOnly()
    {
        await ApplyAsync(Poll("Busy", "Busy", _node.Clock.Now));
        await _node.Redis.GetDatabase().StringSetAsync(Key, "not a hash");

        await AssertIsUnreadableAndReplacedAsync();
    }

    [Theory]
    [InlineData("epoch", "x")]
    [InlineData("offset", "")]
    [InlineData("clock", "9999999999999999")]
    public async Task ReadAsync_PositionThatCannotBeRead_StartsALaterEpoch(string field, string value)
    {
        var before = await PositionAsync();
        await _node.Redis.GetDatabase().HashSetAsync(_node.Keys.Meta(Partition), field, value);

        var after = await PositionAsync();

        Assert.True(after.Epoch > before.Epoch);
        Assert.Equal(after.Epoch, (await PositionAsync()).Epoch);
        Assert.True(after.Clock < before.Clock + 60_000_000);
    }

    [Fact]
    public async Task ReadAsync_PositionOfAnotherType_StartsALaterEpoch()
    {
        var before = await PositionAsync();
        await _node.Redis.GetDatabase().StringSetAsync(_node.Keys.Meta(Partition), "not a hash");

        var after = await PositionAsync();

        Assert.True(after.Epoch > before.Epoch);
        Assert.Equal(after.Epoch, (await PositionAsync()).Epoch);
    }

    private int Partition => _node.Keys.PartitionOf(_subject);

    private RedisKey Key => _node.Keys.Subject(Partition, _subject);

    private async Task AssertIsUnreadableAndReplacedAsync()
    {
        var good = Enumerable
            .Range(0, int.MaxValue)
            .Select(_ => new SubjectId(Guid.NewGuid()))
            .First(id => _node.Keys.PartitionOf(id) == Partition);
        var last = await PositionAsync();
        await _node.Store.ApplyAsync(
            [new Observation(good, "Away", "Away", null, _node.Clock.Now, ObservationSource.Poll)],
            None
        );

        var entries = (await _node.Store.ReadAsync(Partition, [_subject, good], None)).Entries;
        Assert.Null(entries[0]);
        Assert.Equal("Away", entries[1]!.Availability);

        var outcomes = await _node.Store.ApplyAsync(
            [
                Poll("Available", "Available", _node.Clock.Now),
                new Observation(good, "Away", "Away", null, _node.Clock.Now, ObservationSource.Poll),
            ],
            None
        );

        Assert.Equal([ApplyOutcome.Applied, ApplyOutcome.Unchanged], outcomes);
        var replaced = (await ReadAsync())!;
        Assert.Equal("Available", replaced.Availability);
        Assert.True(replaced.Revision > last.Clock);
        Assert.Equal(last.Offset + 2, (await PositionAsync()).Offset);
    }
}
