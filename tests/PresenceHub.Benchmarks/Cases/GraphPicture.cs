using System.Collections.Concurrent;
using System.Diagnostics;
using PresenceHub.Client;
using PresenceHub.GraphEmulator.Presences;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>What Graph has, what the clients show, and since when the two differ.</summary>
internal sealed class GraphPicture
{
    private readonly ConcurrentDictionary<string, (string State, long At)> _waiting = new();
    private readonly ConcurrentDictionary<string, (long Epoch, long Revision, string State)> _shown = new();
    private readonly ConcurrentQueue<double> _latencies = new();
    private long _changes;
    private long _superseded;
    private long _regressions;
    private volatile bool _isFrozen;

    public GraphPicture(PresenceBoard board, int people)
    {
        Ids = [.. board.ReadRange(0, people).Select(reading => reading.Id.ToString())];
        var tell = board.Changed!;
        board.Changed = change =>
        {
            Note(change);
            tell(change);
        };
    }

    public string[] Ids { get; }

    public int Waiting => _waiting.Count;

    public long Changes => _changes;

    public long Superseded => _superseded;

    public long Regressions => _regressions;

    public double[] Latencies => [.. _latencies.Order()];

    /// <summary>Records no more changes. A person that changes again is no longer waited for.</summary>
    public void Freeze() => _isFrozen = true;

    public void Show(EntriesChangedEventArgs changed)
    {
        foreach (var entry in changed.Entries)
        {
            var state = $"{entry.Availability}/{entry.Activity}";
            if (
                _shown.TryGetValue(entry.Id, out var last)
                && (entry.Epoch, entry.Revision).CompareTo((last.Epoch, last.Revision)) < 0
            )
            {
                Interlocked.Increment(ref _regressions);
            }

            _shown[entry.Id] = (entry.Epoch, entry.Revision, state);
            if (
                _waiting.TryGetValue(entry.Id, out var waiting)
                && waiting.State == state
                && _waiting.TryRemove(KeyValuePair.Create(entry.Id, waiting))
            )
            {
                _latencies.Enqueue(Stopwatch.GetElapsedTime(waiting.At).TotalSeconds);
            }
        }
    }

    private void Note(PresenceChange change)
    {
        var id = change.Id.ToString();
        if (_isFrozen)
        {
            _waiting.TryRemove(id, out _);
            return;
        }

        Interlocked.Increment(ref _changes);
        if (_waiting.ContainsKey(id))
        {
            Interlocked.Increment(ref _superseded);
        }

        var state = $"{change.State.Availability}/{change.State.Activity}";
        if (_shown.TryGetValue(id, out var shown) && shown.State == state)
        {
            // Back before a client noticed: there is nothing to show.
            _waiting.TryRemove(id, out _);
            return;
        }

        _waiting[id] = (state, Stopwatch.GetTimestamp());
    }
}
