using PresenceHub.Contracts;
using static PresenceHub.Verification.Invariants.HubEvent;

namespace PresenceHub.Verification.Invariants;

/// <summary>The checker passes a good log and fails each bad one, by the rule that it breaks.</summary>
public sealed class InvariantCheckerTests
{
    private const string Id = "11111111-1111-4111-8111-111111111111";
    private const string Other = "22222222-2222-4222-8222-222222222222";
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private static PresenceEntry Busy =>
        new(Id, "Busy", "InACall", Freshness.Live, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 2, 20);

    private static PresenceEntry Unknown =>
        new(Id, "PresenceUnknown", "PresenceUnknown", Freshness.Unknown, null, null, 2, 0);

    private static HubEvent[] Start =>
        [
            new Wrote(S(0), Id, "Busy", "InACall"),
            new Wrote(S(0), Id, "Away", "Away"),
            new Asked(S(1), "c1", [Id]),
            new Answered(S(1), "c1", new WatchRequest([Id]), new WatchResult([Unknown], [], "0-0")),
            new Told(S(1), "c1", Unknown),
            new Shown(S(1), "c1", Unknown),
            new Held(S(2), Id, "Busy", "InACall"),
            new Told(S(2), "c1", Busy),
            new Shown(S(2), "c1", Busy),
            new Compared(S(3), "c1", S(0), null),
            new Settled(S(3)),
        ];

    [Fact]
    public void GoodRun_HasNoViolation() =>
        Assert.Empty(
            Check([
                .. Start,
                new FaultsBegan(S(4)),
                new Shown(S(5), "c1", Busy with { Freshness = Freshness.Stale }),
                new Shown(S(6), "c1", Busy with { Epoch = 3 }),
                new Sampled(S(6), "n1", 150, 10, 3),
                new Compared(S(7), "c1", S(5), null),
                new Settled(S(7)),
                new ReadsStopped(S(10)),
                new Shown(S(30), "c1", Busy with { Epoch = 3, Freshness = Freshness.Stale }),
                new ReadsReturn(S(32)),
                new Shown(S(33), "c1", Busy with { Epoch = 3 }),
                new Compared(S(34), "c1", S(1), null),
                new Settled(S(34)),
                new NodeUnsure(S(34.5), "n1"),
                new Shown(S(34.6), "c1", Busy with { Epoch = 3, Freshness = Freshness.Stale }),
                new Shown(S(34.8), "c1", Busy with { Epoch = 3 }),
                new Forgot(S(35), "c1", [Id]),
                new Told(S(36), "c1", Busy),
                new Asked(S(40), "c1", [Id]),
                new Shown(S(41), "c1", Unknown),
                new Shown(S(41), "c1", Busy),
                new Ended(S(50)),
            ])
        );

    [Theory]
    [InlineData(2, 19)]
    [InlineData(1, 30)]
    public void GoingBack_IsFound(long epoch, long revision) =>
        AssertBroken<NeverGoesBack>(new Shown(S(4), "c1", Busy with { Epoch = epoch, Revision = revision }));

    [Fact]
    public void StateThatGraphNeverHad_IsFound() =>
        AssertBroken<NothingInvented>(new Shown(S(4), "c1", Busy with { Activity = "Presenting" }));

    [Fact]
    public void StateThatGraphNeverHad_InTheStore_IsFound() =>
        AssertBroken<NothingInvented>(new Held(S(4), Other, "Busy", "InACall"));

    [Fact]
    public void KnownBecomesUnknown_IsFound() =>
        AssertBroken<NothingInvented>(new FaultsBegan(S(4)), new Shown(S(5), "c1", Unknown with { Epoch = 3 }));

    [Fact]
    public void EntryOfSubjectNotAskedFor_IsFound() =>
        AssertBroken<OnlyAskedFor>(new Told(S(4), "c1", Busy with { Id = Other }));

    [Fact]
    public void EntryOfRefusedSubject_IsFound() =>
        AssertBroken<OnlyAskedFor>(
            new Asked(S(4), "c1", [Other]),
            new Answered(
                S(5),
                "c1",
                new WatchRequest([Other]),
                new WatchResult([], [new RejectedSubject(Other, RejectionReason.NotVisible)], "0-0")
            ),
            new Told(S(5), "c1", Busy with { Id = Other })
        );

    [Fact]
    public void EntryOfUnwatchedSubject_IsFound() =>
        AssertBroken<OnlyAskedFor>(new Forgot(S(4), "c1", [Id]), new Told(S(7), "c1", Busy));

    [Fact]
    public void AnswerThatLeavesASubjectOut_IsFound() =>
        AssertBroken<AnswersAreWhole>(
            new Asked(S(4), "c1", [Id, Other]),
            new Answered(S(4), "c1", new WatchRequest([Id, Other]), new WatchResult([Busy], [], "0-0"))
        );

    [Fact]
    public void AnswerAboutAnotherSubject_IsFound() =>
        AssertBroken<AnswersAreWhole>(
            new Answered(
                S(4),
                "c1",
                new WatchRequest([Id], "1-1"),
                new WatchResult([Busy with { Id = Other }], [], "0-0")
            )
        );

    [Fact]
    public void ViewThatStaysWrong_IsFound() =>
        AssertBroken<ViewsConverge>(new Compared(S(4), "c1", S(30), "shows Away"));

    [Fact]
    public void ViewThatIsLate_IsFound() => AssertBroken<ViewsConverge>(new Compared(S(4), "c1", S(10.5), null));

    [Fact]
    public void OneViewInFiftyLate_IsFound() =>
        AssertBroken<ViewsConverge>([
            .. Enumerable.Range(0, 50).Select(i => new Compared(S(4), $"c{i}", S(i < 49 ? 1 : 6), null)),
            new Ended(S(5)),
        ]);

    [Fact]
    public void StaleWhileAllIsWell_IsFound() =>
        AssertBroken<StaleWhenDue>(
            new Shown(S(4), "c1", Busy with { Freshness = Freshness.Stale }),
            new FaultsBegan(S(5))
        );

    [Fact]
    public void StaleAfterRecovery_IsFound() =>
        AssertBroken<StaleWhenDue>(
            new FaultsBegan(S(4)),
            new Shown(S(5), "c1", Busy with { Freshness = Freshness.Stale }),
            new Settled(S(6))
        );

    [Fact]
    public void StaleBeforeReadsAreOverdue_IsFound() =>
        AssertBroken<StaleWhenDue>(
            new ReadsStopped(S(10)),
            new Shown(S(20), "c1", Busy with { Freshness = Freshness.Stale }),
            new Ended(S(21))
        );

    [Fact]
    public void LiveLongAfterTheLastRead_IsFound() =>
        AssertBroken<StaleWhenDue>(new ReadsStopped(S(10)), new ReadsReturn(S(40)));

    [Theory]
    [InlineData(900, 0, 0)]
    [InlineData(100, 5000, 0)]
    [InlineData(100, 0, 600)]
    public void NodeThatGrows_IsFound(double megabytes, long pending, long queued) =>
        AssertBroken<Bounded>(new Sampled(S(4), "n1", megabytes, pending, queued));

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    private static void AssertBroken<TRule>(params HubEvent[] bad) =>
        Assert.Equal(typeof(TRule).Name, Assert.Single(Check([.. Start, .. bad])).Rule);

    private static IReadOnlyList<Violation> Check(HubEvent[] log)
    {
        var checker = InvariantChecker.Of(StaleAfter, Period);
        foreach (var next in log)
        {
            checker.Record(next);
        }

        Assert.Equal(checker.Violations.Count, checker.Count);
        return checker.Violations;
    }
}
