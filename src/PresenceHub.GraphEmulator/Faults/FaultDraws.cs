using System.Runtime.InteropServices;

namespace PresenceHub.GraphEmulator.Faults;

/// <summary>Repeatable random numbers: the same seed and the same order of calls give the same numbers.</summary>
internal sealed class FaultDraws(int seed)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    public bool Happens(double share) => share > 0 && (share >= 1 || Share() < share);

    /// <summary>Between 0 and 1.</summary>
    public double Share()
    {
        lock (_gate)
        {
            return _random.NextDouble();
        }
    }

    public void Shuffle<T>(List<T> items)
    {
        lock (_gate)
        {
            _random.Shuffle(CollectionsMarshal.AsSpan(items));
        }
    }
}
