namespace PresenceHub.FunctionalTests.Store;

/// <summary>Epochs and clocks.</summary>
public abstract partial class PresenceStoreContract
{
    [Fact]
    public async Task ReadAsync_DataGone_StartsALaterEpoch()
    {
        var before = await PositionAsync();
        await _node.Redis.GetDatabase().KeyDeleteAsync(_node.Keys.Meta(_node.Keys.PartitionOf(_subject)));

        var after = await PositionAsync();

        Assert.True(after.Epoch > before.Epoch);
        Assert.True(after.Clock > before.Clock);
    }

    [Fact]
    public async Task ReadAsync_ServerClockBehindWhatTheNodeHasSeen_NeverGoesBack()
    {
        var partition = _node.Keys.PartitionOf(_subject);
        var ahead = (await PositionAsync()).Clock + 3_600_000_000;
        _node.Clock.Advance(partition, epoch: 0, ahead);
        await _node.Redis.GetDatabase().KeyDeleteAsync(_node.Keys.Meta(partition));

        var position = await PositionAsync();
        await ApplyAsync(Poll("Busy", "Busy", _node.Clock.Now));

        Assert.True(position.Clock > ahead);
        Assert.True(position.Epoch > ahead);
        Assert.True((await ReadAsync())!.Revision > ahead);
    }

    [Fact]
    public async Task ReadAsync_EpochEarlierThanOneTheNodeHasSeen_StartsALaterOne()
    {
        var partition = _node.Keys.PartitionOf(_subject);
        var before = await PositionAsync();
        await _node.Redis.GetDatabase().HashSetAsync(_node.Keys.Meta(partition), "epoch", before.Epoch - 1);

        var after = await PositionAsync();

        Assert.True(after.Epoch > before.Epoch);
        Assert.Equal(0, after.Offset);
        Assert.Equal(after.Epoch, (await PositionAsync()).Epoch);
    }

    [Fact]
    public async Task ReadAsync_DataGoneTwiceAndClockBehind_StartsTwoEpochsFromTheSameFloor()
    {
        var partition = _node.Keys.PartitionOf(_subject);
        var ahead = (await PositionAsync()).Clock + 3_600_000_000;
        var epochs = new List<long>();
        for (var i = 0; i < 2; i++)
        {
            await using var node = await StoreNode.ConnectAsync(connectionString, _settings);
            node.Clock.Advance(partition, epoch: 0, ahead);
            await _node.Redis.GetDatabase().KeyDeleteAsync(_node.Keys.Meta(partition));
            epochs.Add((await node.Store.ReadAsync(partition, [], None)).Position.Epoch);
        }

        Assert.NotEqual(epochs[0], epochs[1]);
    }
}
