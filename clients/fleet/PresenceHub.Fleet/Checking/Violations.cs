using PresenceHub.Fleet.Measuring;

namespace PresenceHub.Fleet.Checking;

/// <summary>Counts violations and keeps a description of the first ones.</summary>
internal sealed class Violations
{
    /// <summary>Details kept; further violations are only counted.</summary>
    private const int MostDetails = 50;

    private readonly Counter[] _counts = [.. Enum.GetValues<ViolationKind>().Select(_ => new Counter())];
    private readonly List<string> _details = [];

    public long Total => _counts.Sum(count => count.Value);

    public IReadOnlyList<string> Details
    {
        get
        {
            lock (_details)
            {
                return [.. _details];
            }
        }
    }

    public long this[ViolationKind kind] => _counts[(int)kind].Value;

    public void Add(ViolationKind kind, string detail)
    {
        _counts[(int)kind].Increment();
        lock (_details)
        {
            if (_details.Count < MostDetails)
            {
                _details.Add($"{kind}: {detail}");
            }
        }
    }
}
