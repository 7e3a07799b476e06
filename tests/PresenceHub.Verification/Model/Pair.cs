using System.Diagnostics.CodeAnalysis;

namespace PresenceHub.Verification.Model;

/// <summary>Two of a kind: subjects, partitions, nodes or clients. A value, as the checker compares states by
/// value.</summary>
internal record struct Pair<T>
    where T : struct
{
    private T _first;
    private T _second;

    public Pair(T first, T second) => (_first, _second) = (first, second);

    [UnscopedRef]
    public ref T this[int index]
    {
        get
        {
            if (index == 0)
            {
                return ref _first;
            }

            return ref _second;
        }
    }

    public override readonly string ToString() => $"[{_first}, {_second}]";
}
