using Microsoft.Extensions.Time.Testing;
using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Hub;

namespace PresenceHub.Fleet.Tests.Checking;

public sealed class MemberViewTests
{
    private const int Subject = 7;

    private readonly FakeTimeProvider _time = new();
    private readonly MemberView _view;

    public MemberViewTests()
    {
        _view = new MemberView([3, Subject, 9], _time);
        _view.BeginConnection();
        _view.Asked([3, Subject, 9], boundToHeld: false);
    }

    [Fact]
    public void Apply_NewerEntry_IsTakenOver()
    {
        Answer(1);

        Assert.Equal(EntryVerdict.Newer, Push(2));
        Assert.Equal(new EntryOrder(1, 2), Held());
    }

    [Fact]
    public void Apply_LaterEpochWithAnEarlierRevision_IsNewer()
    {
        Push(5);

        Assert.Equal(EntryVerdict.Newer, Apply(Entries.Of(1, epoch: 2), EntrySource.Push));
    }

    [Fact]
    public void Apply_PushOlderThanTheLastPush_IsReversed()
    {
        Push(2);

        Assert.Equal(EntryVerdict.Reversed, Push(1));
        Assert.Equal(new EntryOrder(1, 2), Held());
    }

    [Fact]
    public void Apply_AnswerOlderThanAPushDuringTheCall_Overlaps()
    {
        Push(2);

        Assert.Equal(EntryVerdict.Overlapping, Answer(1));
        Assert.Equal(new EntryOrder(1, 2), Held());
    }

    [Fact]
    public void Apply_FirstPushOlderThanTheAnswer_Overlaps()
    {
        Answer(2);

        Assert.Equal(EntryVerdict.Overlapping, Push(1));
    }

    [Fact]
    public void Apply_AnswerWithCursorOlderThanWhatWasHeld_IsReversed()
    {
        Push(5);
        _view.BeginConnection();
        _view.Asked([Subject], boundToHeld: true);

        Assert.Equal(EntryVerdict.Reversed, Answer(4));
    }

    [Fact]
    public void Apply_AnswerWithoutCursorFromANodeThatIsBehind_Overlaps()
    {
        Push(5);
        _view.BeginConnection();
        _view.Asked([Subject], boundToHeld: false);

        Assert.Equal(EntryVerdict.Overlapping, Answer(4));
    }

    [Fact]
    public void Apply_SamePushTwice_IsDuplicated()
    {
        Push(2);

        Assert.Equal(EntryVerdict.Duplicated, Push(2));
    }

    [Fact]
    public void Apply_SameRevisionConfirmedLater_IsInOrder()
    {
        Push(2);

        Assert.Equal(EntryVerdict.Same, Apply(Entries.Of(2, observedAt: "2026-11-27T08:00:01Z"), EntrySource.Push));
    }

    [Fact]
    public void Apply_PushThatRepeatsTheAnswer_IsInOrder()
    {
        Answer(2);

        Assert.Equal(EntryVerdict.Same, Push(2));
    }

    [Fact]
    public void Apply_PushRepeatedAfterAnotherWatch_IsInOrder()
    {
        Push(2);
        _view.Asked([Subject], boundToHeld: true);

        Assert.Equal(EntryVerdict.Same, Push(2));
    }

    [Fact]
    public void Apply_PushRepeatedOnANewConnection_IsInOrder()
    {
        Push(2);
        _view.BeginConnection();

        Assert.Equal(EntryVerdict.Same, Push(2));
    }

    [Fact]
    public void Apply_SameRevisionWithAnotherPresence_Conflicts()
    {
        Answer(2);

        Assert.Equal(EntryVerdict.Conflicting, Apply(Entries.Of(2, "Away", "2026-11-27T08:00:01Z"), EntrySource.Push));
    }

    [Fact]
    public void Apply_SubjectThatIsNotWatched_WasNeverAskedFor()
    {
        var verdict = _view.Apply(4, Entries.Of(1), EntrySource.Push, -1).Verdict;

        Assert.Equal(EntryVerdict.NeverAskedFor, verdict);
    }

    [Fact]
    public void Apply_PushOfARevokedOrRejectedSubject_WasNeverAskedFor()
    {
        _view.Revoked(Subject);
        _view.Rejected(9);

        Assert.Equal(EntryVerdict.NeverAskedFor, Push(1));
        Assert.Equal(EntryVerdict.NeverAskedFor, _view.Apply(9, Entries.Of(1), EntrySource.Push, -1).Verdict);
    }

    [Fact]
    public void Apply_PushAfterUnwatch_IsLateForTwoSecondsOnly()
    {
        Assert.True(_view.TryReplace(Subject, 8));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(EntryVerdict.Late, Push(1));

        _view.RemovalAnswered(Subject);

        Assert.Equal(EntryVerdict.Late, Push(1));
        _time.Advance(TimeSpan.FromSeconds(2.1));
        Assert.Equal(EntryVerdict.NeverAskedFor, Push(2));
        Assert.Equal([3, 8, 9], _view.Subjects);
    }

    [Theory]
    [InlineData(4, 8)]
    [InlineData(3, 9)]
    public void TryReplace_NotWatchedOrWatchedAlready_ChangesNothing(int removed, int added)
    {
        var before = _view.Subjects;

        Assert.False(_view.TryReplace(removed, added));
        Assert.Equal(before, _view.Subjects);
    }

    [Fact]
    public void IsAnswered_EntryRejectionOrRevocationOfEverySubject_IsTrue()
    {
        Answer(1);
        _view.Rejected(3);
        Assert.False(_view.IsAnswered);

        _view.Revoked(9);

        Assert.True(_view.IsAnswered);
    }

    [Fact]
    public void Apply_DrivenChanges_TellsThePreviousOne()
    {
        var first = _view.Apply(Subject, Entries.Of(1), EntrySource.Answer, 4);
        var second = _view.Apply(Subject, Entries.Of(2), EntrySource.Push, 6);

        Assert.Equal((-1, false), (first.PreviousChange, first.WasObserved));
        Assert.Equal((4, true), (second.PreviousChange, second.WasObserved));
    }

    private EntryVerdict Push(long revision) => Apply(Entries.Of(revision), EntrySource.Push);

    private EntryVerdict Answer(long revision) => Apply(Entries.Of(revision), EntrySource.Answer);

    private EntryVerdict Apply(in EntryView entry, EntrySource source) =>
        _view.Apply(Subject, in entry, source, -1).Verdict;

    private EntryOrder Held()
    {
        var visitor = new HeldVisitor();
        _view.Visit(ref visitor);
        return visitor.Held;
    }

    private struct HeldVisitor : IViewVisitor
    {
        public EntryOrder Held { get; private set; }

        public void Visit(int subject, in ViewSlot slot) => Held = subject == Subject ? slot.Held : Held;
    }
}
