namespace PresenceHub.Verification.Invariants;

/// <summary>Checks every event of a run as it comes, so that a run of hours needs no more memory than one of
/// minutes.</summary>
internal sealed class InvariantChecker(IReadOnlyList<Invariant> invariants)
{
    /// <summary>One defect can show thousands of times; the first ones say it all.</summary>
    private const int MaxKept = 200;

    private readonly Lock _gate = new();
    private readonly List<Violation> _kept = [];

    public int Count { get; private set; }

    public IReadOnlyList<Violation> Violations
    {
        get
        {
            lock (_gate)
            {
                return [.. _kept];
            }
        }
    }

    /// <summary>All that hold for a hub whose reads of Graph and staleness have these periods.</summary>
    public static InvariantChecker Of(TimeSpan staleAfter, TimeSpan pollingPeriod) =>
        new([
            new NeverGoesBack(),
            new NothingInvented(),
            new OnlyAskedFor(),
            new AnswersAreWhole(),
            new ViewsConverge(),
            new StaleWhenDue(staleAfter, pollingPeriod),
            new Bounded(),
        ]);

    public void Record(HubEvent next)
    {
        lock (_gate)
        {
            foreach (var invariant in invariants)
            {
                foreach (var what in invariant.Check(next))
                {
                    Count++;
                    if (_kept.Count < MaxKept)
                    {
                        _kept.Add(new Violation(next.At, invariant.GetType().Name, what));
                    }
                }
            }
        }
    }
}
