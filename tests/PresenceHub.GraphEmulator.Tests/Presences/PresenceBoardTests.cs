using Microsoft.Extensions.Time.Testing;
using PresenceHub.GraphEmulator.People;
using PresenceHub.GraphEmulator.Presences;

namespace PresenceHub.GraphEmulator.Tests.Presences;

public sealed class PresenceBoardTests
{
    private static readonly PresenceState[] Documented =
    [
        PresenceState.Available,
        PresenceState.AvailableOutOfOffice,
        PresenceState.Busy,
        PresenceState.InACall,
        PresenceState.InAConferenceCall,
        PresenceState.InAMeeting,
        PresenceState.DoNotDisturb,
        PresenceState.Presenting,
        PresenceState.Focusing,
        PresenceState.Away,
        PresenceState.BeRightBack,
        PresenceState.OffWork,
        PresenceState.Offline,
    ];

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Advance_SameSeedAndClock_RepeatsEveryChange()
    {
        Assert.Equal(Run(seed: 5, TimeSpan.FromSeconds(30)), Run(seed: 5, TimeSpan.FromSeconds(1)));
        Assert.NotEqual(Run(seed: 5, TimeSpan.FromSeconds(30)), Run(seed: 6, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Advance_OneDay_ChangesAtTheRateAskedForWithinDocumentedPairs()
    {
        var changes = Run(seed: 1, TimeSpan.FromMinutes(10), TimeSpan.FromHours(3));

        Assert.InRange(changes.Count, 10_000, 11_600);
        Assert.All(changes, change => Assert.Contains(change.State, Documented));
        Assert.True(changes.Select(change => change.State).Distinct().Count() > 10);
    }

    [Fact]
    public void Advance_AnyPerson_SequenceGrowsAndEachChangeIsOne()
    {
        foreach (var person in Run(seed: 1, TimeSpan.FromSeconds(10)).GroupBy(change => change.Person))
        {
            Assert.All(person.Zip(person.Skip(1)), pair =>
            {
                Assert.True(pair.First.Sequence < pair.Second.Sequence);
                Assert.NotEqual(pair.First.State, pair.Second.State);
            });
        }
    }

    [Fact]
    public void Advance_PinnedPerson_StaysAsPinned()
    {
        var company = new Company(3, 1, 1);
        var board = Board(company, TimeSpan.FromMilliseconds(10));
        board.TryPin(company.IdOf(1), PresenceState.Focusing);

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(board.TryRead(company.IdOf(1), out var reading));
        Assert.Equal(PresenceState.Focusing, reading.State);
        Assert.True(board.Changes > 1_000);
    }

    [Fact]
    public void Advance_PeriodZero_NothingChanges()
    {
        var company = new Company(10, 1, 1);
        var board = Board(company, TimeSpan.Zero);

        _time.Advance(TimeSpan.FromDays(1));
        board.Advance();

        Assert.Equal(0, board.Changes);
    }

    [Fact]
    public void Advance_HundredThousandPeople_StaysSmallAndQuick()
    {
        const int people = 100_000;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var board = Board(new Company(people, 154, 1), TimeSpan.FromMilliseconds(1));
        var perPerson = (GC.GetAllocatedBytesForCurrentThread() - before) / people;
        var start = TimeProvider.System.GetTimestamp();

        _time.Advance(TimeSpan.FromSeconds(60));
        board.Advance();

        Assert.InRange(perPerson, 1, 400);
        Assert.InRange(board.Changes, 55_000, 65_000);

        // Sixty seconds of company time in a fraction of as many of ours, also on a busy machine.
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(6));
    }

    private List<PresenceChange> Run(int seed, TimeSpan step, TimeSpan? length = null)
    {
        var time = new FakeTimeProvider(_time.GetUtcNow());
        var company = new Company(100, 1, seed);
        var changes = new List<PresenceChange>();
        var board = new PresenceBoard(company, new GraphEmulatorOptions { Seed = seed, People = 100 }, time)
        {
            Changed = changes.Add,
        };
        for (var passed = TimeSpan.Zero; passed < (length ?? TimeSpan.FromMinutes(10)); passed += step)
        {
            time.Advance(step);
            board.Advance();
        }

        return changes;
    }

    private PresenceBoard Board(Company company, TimeSpan period) =>
        new(company, new GraphEmulatorOptions { ChangePeriod = period, People = company.Count }, _time);
}
