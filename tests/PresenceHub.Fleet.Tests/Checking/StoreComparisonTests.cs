using System.Collections;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Hub;

namespace PresenceHub.Fleet.Tests.Checking;

public sealed class StoreComparisonTests
{
    private readonly MemberView _view = new([0, 1], new FakeTimeProvider());

    [Theory]
    [InlineData(5, "Busy", 1, false)]
    [InlineData(4, "Busy", 1, false)]
    [InlineData(6, "Busy", 1, true)]
    [InlineData(5, "Away", 1, true)]
    [InlineData(5, "Busy", 2, false)]
    [InlineData(4, "Busy", 2, true)]
    public void Visit_ViewWithRevisionFive_DiffersFromWhatItDoesNotHold(
        long revision,
        string availability,
        long epoch,
        bool differs
    )
    {
        _view.Apply(0, Entries.Of(5), EntrySource.Answer, -1);
        _view.Rejected(1);

        Assert.Equal(differs, Differs(0, Entries.Of(revision, availability, epoch: epoch)));
    }

    [Fact]
    public void Visit_SubjectWithoutEntry_Differs() => Assert.True(Differs(1, Entries.Of(0, "PresenceUnknown")));

    private bool Differs(int subject, in EntryView held)
    {
        var store = new Dictionary<int, StoreEntry>
        {
            [subject] = new(
                new EntryOrder(held.Epoch, held.Revision),
                EntryPrint.OfState(held.Availability, held.Activity)
            ),
        };
        var differing = new BitArray(2);
        var comparison = new StoreComparison(store, differing);
        _view.Visit(ref comparison);
        Assert.Equal(differing[subject] ? subject : -1, comparison.FirstDifference);
        return differing[subject];
    }
}
