using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.Fleet.Watching;

/// <summary>Draws the watch list of each connection. The same seed gives the same lists.</summary>
internal sealed class WatchLists
{
    /// <summary>
    /// Random draws per wanted person before the rest is filled up in order; a steep distribution repeats itself
    /// often.
    /// </summary>
    private const int DrawsPerSubject = 20;

    private const int SeedStride = 1_000_003;

    private readonly WatchPlan _plan;
    private readonly int _seed;
    private readonly int _people;
    private readonly double[] _cumulative;
    private readonly int[][] _departments;
    private readonly IReadOnlyList<int[]> _lists;

    private WatchLists(WatchPlan plan, SubjectTable subjects, int seed, IReadOnlyList<int[]> lists)
    {
        (_plan, _seed, _people, _lists) = (plan, seed, subjects.Count, lists);
        _cumulative = plan.Distribution is WatchDistribution.Zipf ? Zipf(_people, plan.Exponent) : [];
        _departments =
        [
            .. subjects
                .People.Select((person, number) => (person.Department, number))
                .GroupBy(pair => pair.Department, pair => pair.number, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => group.ToArray()),
        ];
    }

    public static async Task<WatchLists> CreateAsync(
        WatchPlan plan,
        SubjectTable subjects,
        int seed,
        CancellationToken cancellationToken
    )
    {
        var lists =
            plan.Distribution is WatchDistribution.File
                ? WatchListFile.Parse(
                    await FleetFile.ReadLinesAsync(plan.File!, "watch lists", cancellationToken),
                    plan.File!,
                    subjects
                )
                : [];
        return new WatchLists(plan, subjects, seed, lists);
    }

    /// <summary>The people that the n-th connection watches, by number, in ascending order.</summary>
    public int[] Of(int connection)
    {
        if (_plan.Distribution is WatchDistribution.File)
        {
            return _lists[connection % _lists.Count];
        }

        var wanted = Math.Min(_plan.Subjects, _people);
        var random = new Random(unchecked((_seed * SeedStride) + connection));
        var chosen = new SortedSet<int>();
        if (_plan.Distribution is WatchDistribution.Department)
        {
            AddDepartment(chosen, _departments[connection % _departments.Length], wanted, random);
        }

        for (var draws = 0; chosen.Count < wanted && draws < wanted * DrawsPerSubject; draws++)
        {
            chosen.Add(Draw(random));
        }

        for (var next = 0; chosen.Count < wanted; next++)
        {
            chosen.Add(next);
        }

        return [.. chosen];
    }

    /// <summary>Draws one person by the distribution, to be watched additionally.</summary>
    public int Draw(Random random)
    {
        if (_cumulative.Length is 0)
        {
            return random.Next(_people);
        }

        var found = Array.BinarySearch(_cumulative, random.NextDouble() * _cumulative[^1]);
        return Math.Min(found < 0 ? ~found : found, _people - 1);
    }

    private static void AddDepartment(SortedSet<int> chosen, int[] colleagues, int wanted, Random random)
    {
        var shuffled = colleagues.ToArray();
        random.Shuffle(shuffled);
        chosen.UnionWith(shuffled.Take(wanted));
    }

    private static double[] Zipf(int count, double exponent)
    {
        var cumulative = new double[count];
        var sum = 0.0;
        for (var rank = 0; rank < count; rank++)
        {
            sum += 1 / Math.Pow(rank + 1, exponent);
            cumulative[rank] = sum;
        }

        return cumulative;
    }
}
