using PresenceHub.Fleet.Connections;

namespace PresenceHub.Benchmarks.Load;

/// <summary>Who is in a crowd.</summary>
/// <param name="Count">How many clients.</param>
/// <param name="SubjectsOf">Indexes of the subjects that a client watches.</param>
internal sealed record CrowdPlan(int Count, Func<int, IEnumerable<int>> SubjectsOf)
{
    /// <summary>Number of the first client's token; another crowd of the same system begins elsewhere.</summary>
    public int FirstToken { get; init; }

    /// <summary>How fast a client reads; null reads whatever comes.</summary>
    public Func<int, ReceivePace?> PaceOf { get; init; } = _ => null;

    /// <summary>Every client watches the same subjects.</summary>
    public static CrowdPlan Common(int count, int subjects) => new(count, _ => Enumerable.Range(0, subjects));

    /// <summary>Every client watches so many of all subjects, drawn evenly; the same draw in every run.</summary>
    public static CrowdPlan Uniform(int count, int subjects, int watched) => new(count, member =>
        {
            var random = new Random(member);
            var drawn = new HashSet<int>(watched);
            while (drawn.Count < watched)
            {
                drawn.Add(random.Next(subjects));
            }

            return drawn;
        });
}
