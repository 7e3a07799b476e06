using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Store;

public sealed class PartitionComparisonTests
{
    private static readonly StoredEntry Right = Of(Ada, "Busy", 100, 11);

    private readonly List<StoredEntry> _changed = [];
    private readonly MirrorPartition _partition;
    private readonly PartitionComparison _comparison;

    public PartitionComparisonTests()
    {
        _partition = new MirrorPartition(_changed.AddRange);
        _comparison = new PartitionComparison(_partition);
        _partition.Track([Ada]);
        _partition.Relist([Ada], Listing(epoch: 100, offset: 5, Right), staleBefore: 0);
        _changed.Clear();
    }

    public static TheoryData<string, long> Wrong =>
        new()
        {
            { "Wrong", 11 },
            { "Wrong", 10 },
            { "Busy", 10 },
            { "Wrong", 12 },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Correct_EntryWrongThoughNothingIsMissing_IsCountedAndReplaced(string availability, long revision)
    {
        var partition = new MirrorPartition(_changed.AddRange);
        partition.Track([Ada]);
        partition.Relist([Ada], Listing(100, 5, Of(Ada, availability, 100, revision)), staleBefore: 0);

        Assert.Equal(1, new PartitionComparison(partition).Correct([Ada], Listing(100, 5, Right), staleBefore: 0));

        Assert.Equal(Right, Assert.Single(partition.Held([Ada])));
        Assert.Equal(Right, _changed[^1]);
    }

    [Fact]
    public void Correct_SameEntryConfirmedLater_IsTakenOverInSilence()
    {
        var confirmed = Right with { ObservedAt = Right.ObservedAt + 1 };

        Assert.Equal(0, _comparison.Correct([Ada], Listing(100, 5, confirmed), staleBefore: 0));

        Assert.Equal(confirmed, Assert.Single(_partition.Held([Ada])));
        Assert.Empty(_changed);
    }

    [Fact]
    public void Correct_ChangeAnnouncedAfterTheReading_StaysAndIsNotCounted()
    {
        var later = Of(Ada, "Away", 100, 12);
        _partition.TryFollow(Message(100, 6, later));

        Assert.Equal(0, _comparison.Correct([Ada], Listing(100, 5, Right), staleBefore: 0));

        Assert.Equal(later, Assert.Single(_partition.Held([Ada])));
    }

    [Fact]
    public void Correct_ReadingOfAChangeStillOnItsWay_IsTakenOverAndNotCounted()
    {
        var later = Of(Ada, "Away", 100, 12);

        Assert.Equal(0, _comparison.Correct([Ada], Listing(100, 6, later), staleBefore: 0));

        Assert.Equal(later, Assert.Single(_partition.Held([Ada])));
    }

    [Fact]
    public void Correct_EntryOfAReadThatIsAheadOfThePartition_StaysAndIsNotCounted()
    {
        var ahead = Of(Ada, "Away", 100, 1_000);
        _partition.TakeReading([Ada], Listing(100, 5, ahead), staleBefore: 0);

        Assert.Equal(0, _comparison.Correct([Ada], Listing(100, 5, Right), staleBefore: 0));

        Assert.Equal(ahead, Assert.Single(_partition.Held([Ada])));
    }

    [Fact]
    public void Correct_SubjectTrackedButNotReadYet_IsFilledAndNotCounted()
    {
        _partition.Track([Ben]);
        var ben = Of(Ben, "Away", 100, 9);

        Assert.Equal(0, _comparison.Correct([Ada, Ben], Listing(100, 5, Right, ben), staleBefore: 0));

        Assert.Equal(ben, Assert.Single(_partition.Held([Ben])));
    }

    [Fact]
    public void Drop_EntryWasReplacedByARead_DropsNothing()
    {
        var asOf = _partition.Position;
        var replaced = Right with { ObservedAt = Right.ObservedAt + 1 };
        _partition.TakeReading([Ada], Listing(100, 5, replaced), staleBefore: 0);

        Assert.Equal(0, _partition.Drop([Right], asOf));

        Assert.Equal(replaced, Assert.Single(_partition.Held([Ada])));
    }

    [Fact]
    public void Drop_PartitionHasMovedOn_DropsNothing()
    {
        var asOf = _partition.Position;
        _partition.TryFollow(Message(100, 6, Of(Ben, "Away", 100, 12)));

        Assert.Equal(0, _partition.Drop([Right], asOf));

        Assert.Equal(Right, Assert.Single(_partition.Held([Ada])));
    }

    [Fact]
    public void FindDue_PartitionIsOutOfSync_FindsNothing()
    {
        var due = new List<SubjectId>();
        _comparison.FindDue(PartitionComparison.Ticks, due);
        Assert.Equal([Ada], due);

        _partition.MarkOutOfSync();
        _comparison.FindDue(PartitionComparison.Ticks, due);

        Assert.Empty(due);
    }
}
