using PresenceHub.Server.Store;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Store;

/// <summary>A partition whose server is away while those of others answer.</summary>
public sealed class MirrorPartitionLostTests
{
    private readonly List<StoredEntry> _changed = [];
    private readonly MirrorPartition _partition;

    public MirrorPartitionLostTests() => _partition = new MirrorPartition(_changed.AddRange);

    [Fact]
    public void Answer_ToAnotherCallAfterOneWasToldUnknown_IsReported()
    {
        _partition.Track([Ada]);
        var told = new StoredEntry?[1];
        _partition.FillInUnknown([Ada], told);
        Assert.False(told[0]!.IsKnown);

        // The server is back, and a second client asks before the partition is listed.
        _partition.Track([Ada]);
        _partition.Answer([Ada], Listing(100, 5, Of(Ada, "Busy", 100, 11)), staleBefore: 0);
        _partition.Relist([Ada], Listing(100, 5, Of(Ada, "Busy", 100, 11)), staleBefore: 0);

        Assert.Equal("Busy", Assert.Single(_changed).Availability);
    }

    [Fact]
    public void FillInUnknown_EntryHasComeMeanwhile_IsShown()
    {
        _partition.Track([Ada]);
        _partition.Relist([Ada], Listing(100, 5, Of(Ada, "Busy", 100, 11)), staleBefore: 0);
        var told = new StoredEntry?[1];
        _partition.FillInUnknown([Ada], told);
        Assert.Equal("Busy", told[0]!.Availability);
    }

    [Fact]
    public void Untrack_WhileLost_KeepsWhatWasHeldBeforeAndNothingElse()
    {
        _partition.Track([Ada]);
        _partition.Relist([Ada], Listing(100, 5, Of(Ada, "Busy", 100, 11)), staleBefore: 0);
        _partition.MarkAllStale();
        _partition.Track([Ben]);
        _partition.Answer([Ben], Listing(100, 5, Of(Ben, "Away", 100, 12)), staleBefore: 0);

        _partition.Untrack([Ada]);
        _partition.Untrack([Ben]);
        Assert.Equal([Ada], _partition.Tracked);

        _partition.Relist([], Listing(100, 5), staleBefore: 0);
        Assert.Empty(_partition.Tracked);
    }
}
