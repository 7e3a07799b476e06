using PresenceHub.Server.Store;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Store;

/// <summary>Readings that answer calls of clients.</summary>
public sealed class MirrorPartitionAnswerTests
{
    private readonly List<StoredEntry> _changed = [];
    private readonly MirrorPartition _partition;

    public MirrorPartitionAnswerTests()
    {
        _partition = new MirrorPartition(_changed.AddRange);
        _partition.Track([Ada]);
        _partition.Relist([Ada], Listing(epoch: 100, offset: 5, Of(Ada, "Available", 100, 10)), staleBefore: 0);
        _changed.Clear();
    }

    [Fact]
    public void Answer_FirstEntry_IsHeldAndNotReported()
    {
        _partition.Track([Ben]);

        _partition.Answer([Ben], Listing(100, 5, Of(Ben, "Available", 100, 10)), staleBefore: 0);

        Assert.Empty(_changed);
        Assert.Equal("Available", _partition.Held([Ben])[0]!.Availability);
        _partition.TryFollow(Message(100, 6, Of(Ben, "Busy", 100, 11)));
        Assert.Equal("Busy", Assert.Single(_changed).Availability);
    }

    [Fact]
    public void Answer_HeldIsNewerOrNotTracked_ReturnsWhatIsHeldAndElseWhatWasRead()
    {
        _partition.TryFollow(Message(100, 6, Of(Ada, "Busy", 100, 11)));

        var answers = _partition.Answer(
            [Ada, Ben],
            Listing(100, 5, Of(Ada, "Available", 100, 10), Of(Ben, "Away", 100, 9)),
            staleBefore: 0
        );

        Assert.Equal(["Busy", "Away"], answers.Select(entry => entry.Availability));
        Assert.Same(_partition.Held([Ada])[0], answers[0]);
        Assert.Null(_partition.Held([Ben])[0]);
    }

    [Fact]
    public void Answer_EqualEntry_KeepsTheOneThatIsHeldAndWhatWasWrittenOfIt()
    {
        var held = _partition.Held([Ada])[0]!;
        held.Written = "written";

        var answer = Assert.Single(_partition.Answer([Ada], Listing(100, 5, held with { }), staleBefore: 0));

        Assert.Same(held, answer);
        Assert.Equal("written", answer.Written);
    }
}
