using System.Diagnostics.CodeAnalysis;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>The latest entry of each watched subject, and the changes that each reader has not taken yet.</summary>
internal sealed class PresenceView
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PresenceEntry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly ChangeReaders _readers = new();
    private Dictionary<string, PresenceEntry>? _snapshot;
    private long _changes;

    /// <summary>How many entries were new or changed so far.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    public IReadOnlyDictionary<string, PresenceEntry> Snapshot()
    {
        lock (_gate)
        {
            return _snapshot ??= new Dictionary<string, PresenceEntry>(_entries, StringComparer.OrdinalIgnoreCase);
        }
    }

    public PresenceEntry? Find(string id)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(id);
        }
    }

    /// <summary>What is known of these subjects.</summary>
    public IReadOnlyDictionary<string, PresenceEntry> Snapshot(IEnumerable<string> ids)
    {
        lock (_gate)
        {
            var held = new Dictionary<string, PresenceEntry>(StringComparer.OrdinalIgnoreCase);
            foreach (var id in ids)
            {
                if (_entries.TryGetValue(id, out var entry))
                {
                    held[id] = entry;
                }
            }

            return held;
        }
    }

    /// <summary>Whether the view holds nothing of the subject, or an older entry.</summary>
    public bool IsBehind(PresenceEntry entry) => Find(entry.Id) is not { } held || held.IsOlderThan(entry);

    /// <summary>Keeps each entry that is not older than the held one.</summary>
    /// <returns>The ids of the entries that were kept.</returns>
    public IReadOnlyList<string> Merge(IReadOnlyList<PresenceEntry> entries)
    {
        lock (_gate)
        {
            return [.. entries.Where(TryMerge).Select(entry => entry.Id)];
        }
    }

    /// <summary>Merges the entries of an answer, and marks the subjects live that it left out as unchanged.</summary>
    public void Merge(IReadOnlyList<PresenceEntry> entries, IReadOnlyList<string> unchangedIds)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                TryMerge(entry);
            }

            foreach (var id in unchangedIds)
            {
                // An entry that the hub has lost stays stale: a node that does not know of the loss yet leaves it out
                // too.
                if (
                    _entries.TryGetValue(id, out var held)
                    && held is { Freshness: not Freshness.Unknown, Revision: > 0 }
                )
                {
                    Put(held with { Freshness = Freshness.Live });
                }
            }
        }
    }

    public void MarkStale(IReadOnlyList<string> ids)
    {
        lock (_gate)
        {
            foreach (var id in ids)
            {
                if (_entries.TryGetValue(id, out var held) && held.Freshness is Freshness.Live)
                {
                    Put(held with { Freshness = Freshness.Stale });
                }
            }
        }
    }

    /// <returns>The ids that had an entry.</returns>
    public IReadOnlyList<string> Remove(IEnumerable<string> ids)
    {
        var known = new List<string>();
        lock (_gate)
        {
            foreach (var id in ids)
            {
                if (_entries.Remove(id))
                {
                    known.Add(id);
                }

                _readers.Forget(id);
            }

            _snapshot = null;
        }

        return known;
    }

    /// <summary>Opens a reader, whose first changes are the current entries.</summary>
    /// <param name="signal">Wakes the reader. It must not be that of another reader.</param>
    /// <param name="ids">The subjects that it reads, each once; null for all.</param>
    public ChangeReader OpenReader(Signal signal, IReadOnlyList<string>? ids = null)
    {
        var reader = new ChangeReader(this, signal, ids);
        lock (_gate)
        {
            var changes = _readers.Add(reader, signal);
            foreach (var id in ids?.Where(_entries.ContainsKey) ?? _entries.Keys)
            {
                changes.Add(id);
            }
        }

        return reader;
    }

    public void RemoveReader(ChangeReader reader)
    {
        lock (_gate)
        {
            _readers.Remove(reader);
        }
    }

    public bool TryTake(ChangeReader reader, [NotNullWhen(true)] out PresenceEntry? entry)
    {
        lock (_gate)
        {
            entry = _readers.TryTake(reader, out var id) ? _entries.GetValueOrDefault(id) : null;
            return entry is not null;
        }
    }

    /// <summary>Ends the readers, once they have taken the changes that wait.</summary>
    public void CloseReaders()
    {
        lock (_gate)
        {
            _readers.Close();
        }
    }

    private bool TryMerge(PresenceEntry received)
    {
        var entry = WithKnownFreshness(received);
        var held = _entries.GetValueOrDefault(entry.Id);
        if (held is not null && entry.IsOlderThan(held))
        {
            return false;
        }

        Put(KeepKnown(held, entry));
        return true;
    }

    private void Put(PresenceEntry entry)
    {
        if (_entries.TryGetValue(entry.Id, out var held) && held == entry)
        {
            return;
        }

        _entries[entry.Id] = entry;
        Interlocked.Increment(ref _changes);
        _snapshot = null;
        _readers.Add(entry.Id);
    }

    /// <summary>A freshness that this client does not know counts as stale.</summary>
    public static PresenceEntry WithKnownFreshness(PresenceEntry entry) =>
        entry.Freshness is Freshness.Live or Freshness.Stale or Freshness.Unknown
            ? entry
            : entry with
            {
                Freshness = Freshness.Stale,
            };

    // An entry that was never observed says nothing about the subject: the hub has lost its data, and the node that
    // sent the entry did not hold the subject before.
    private static PresenceEntry KeepKnown(PresenceEntry? held, PresenceEntry entry) =>
        entry is { Freshness: Freshness.Unknown, Revision: 0 } && held is { Freshness: not Freshness.Unknown }
            ? held with
            {
                Freshness = Freshness.Stale,
                Epoch = entry.Epoch,
                Revision = entry.Revision,
            }
            : entry;
}
