using PresenceHub.Fleet.Scenarios;
using PresenceHub.Fleet.Watching;

namespace PresenceHub.Fleet.Tests.Watching;

public sealed class WatchListsTests
{
    private readonly SubjectTable _subjects = new([
        .. Enumerable.Range(0, 500).Select(number => new Person(Guid.NewGuid(), $"department {number % 5}")),
    ]);

    [Theory]
    [InlineData(nameof(WatchDistribution.Uniform))]
    [InlineData(nameof(WatchDistribution.Zipf))]
    [InlineData(nameof(WatchDistribution.Department))]
    public async Task Of_AnyDistribution_IsTheSameForTheSameSeedAndHasNoRepetition(string distribution)
    {
        var plan = new WatchPlan { Subjects = 50, Distribution = Enum.Parse<WatchDistribution>(distribution) };
        var (first, second, other) = (
            await CreateAsync(plan, 1),
            await CreateAsync(plan, 1),
            await CreateAsync(plan, 2)
        );

        var list = first.Of(3);

        Assert.Equal(50, list.Distinct().Count());
        Assert.Equal(list.Order(), list);
        Assert.Equal(list, second.Of(3));
        Assert.NotEqual(list, first.Of(4));
        Assert.NotEqual(list, other.Of(3));
    }

    [Fact]
    public async Task Of_Zipf_FewAreWatchedByMany()
    {
        var lists = await CreateAsync(new WatchPlan { Subjects = 10, Distribution = WatchDistribution.Zipf }, 1);

        var watchers = Enumerable.Range(0, 1000).SelectMany(lists.Of).CountBy(subject => subject).ToDictionary();

        Assert.True(watchers[0] > 700, $"the first was watched {watchers[0]} times");
        Assert.True(
            watchers.GetValueOrDefault(400) < 30,
            $"the 401st was watched {watchers.GetValueOrDefault(400)} times"
        );
    }

    [Fact]
    public async Task Of_Department_AreColleagues()
    {
        var lists = await CreateAsync(new WatchPlan { Subjects = 20, Distribution = WatchDistribution.Department }, 1);

        Assert.Single(lists.Of(7).Select(subject => _subjects.People[subject].Department).Distinct());
    }

    [Fact]
    public async Task Of_MoreSubjectsThanPeople_IsAllPeople()
    {
        var lists = await CreateAsync(new WatchPlan { Subjects = 1000, Distribution = WatchDistribution.Zipf }, 1);

        Assert.Equal(Enumerable.Range(0, 500), lists.Of(0));
    }

    [Fact]
    public void Parse_FileOfLists_IsOneConnectionALine()
    {
        var lists = WatchListFile.Parse(
            [$"{_subjects.TextOf(5)}, {_subjects.TextOf(2)}", _subjects.TextOf(9)],
            "lists.txt",
            _subjects
        );

        Assert.Equal(
            [
                [2, 5],
                [9],
            ],
            lists
        );
    }

    [Fact]
    public void Parse_FileWithAnUnknownPerson_NamesIt()
    {
        var stranger = Guid.NewGuid().ToString();

        var error = Assert.Throws<FleetException>(() => WatchListFile.Parse([stranger], "lists.txt", _subjects));

        Assert.Contains(stranger, error.Message, StringComparison.Ordinal);
    }

    private Task<WatchLists> CreateAsync(WatchPlan plan, int seed) =>
        WatchLists.CreateAsync(plan, _subjects, seed, CancellationToken.None);
}
