using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>A subject that this node watches, with its watchers in no particular order.</summary>
/// <param name="id">The subject.</param>
/// <param name="number">A small number, unique among the watched subjects of this node. It is reused after the last
/// watcher has left.</param>
internal sealed class WatchedSubject(SubjectId id, int number)
{
    private WatchList[] _watchers = new WatchList[1];

    public SubjectId Id { get; } = id;

    public int Number { get; } = number;

    public int Count { get; private set; }

    /// <summary>Whether the observers were told that a call which watches the subject has succeeded.</summary>
    public bool IsAnnounced { get; set; }

    public ReadOnlySpan<WatchList> Watchers => _watchers.AsSpan(0, Count);

    /// <summary>Adds a watcher and returns its position.</summary>
    public int Add(WatchList list)
    {
        if (Count == _watchers.Length)
        {
            Array.Resize(ref _watchers, 1 + (Count * 3 / 2));
        }

        _watchers[Count] = list;
        return Count++;
    }

    /// <summary>Removes the watcher at a position. The last watcher takes that position and is returned.</summary>
    public WatchList RemoveAt(int position)
    {
        var last = _watchers[--Count];
        _watchers[position] = last;
        _watchers[Count] = null!;
        if (Count < _watchers.Length / 4)
        {
            Array.Resize(ref _watchers, Math.Max(1, Count * 3 / 2));
        }

        return last;
    }
}
