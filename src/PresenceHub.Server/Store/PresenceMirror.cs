using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>The latest entry of every subject watched on this node, kept level with the store by <see cref="MirrorFollower"/>.</summary>
internal sealed class PresenceMirror
{
    private readonly PresenceStore _store;
    private readonly StoreKeys _keys;
    private readonly StoreClock _clock;
    private readonly long _staleAfter;
    private readonly MirrorPartition[] _partitions;
    private readonly Lock _cursorGate = new();
    private Cursor _cursor;

    public PresenceMirror(PresenceStore store, StoreKeys keys, StoreClock clock, IOptions<StoreOptions> options)
    {
        (_store, _keys, _clock) = (store, keys, clock);
        _staleAfter = StoreTime.FromTimeSpan(options.Value.StaleAfter);
        _partitions = [.. Enumerable.Range(0, keys.Partitions).Select(_ => new MirrorPartition(entries => Changed?.Invoke(entries)))];
    }

    /// <summary>New entries of tracked subjects. Raised in order per subject and under a lock: a handler only takes note.</summary>
    public event Action<IReadOnlyList<StoredEntry>>? Changed;

    /// <summary>All changes up to the cursor have been raised.</summary>
    public event Action<Cursor>? Positioned;

    /// <summary>The data of a partition is of another incarnation: writes may be lost, so its subjects need to be read from Graph again.</summary>
    public event Action<int>? EpochChanged;

    public IReadOnlyList<MirrorPartition> Partitions => _partitions;

    /// <summary>Everything up to here has been raised by <see cref="Changed"/>.</summary>
    public Cursor Cursor
    {
        get
        {
            lock (_cursorGate)
            {
                return _cursor;
            }
        }
    }

    /// <summary>Entries confirmed before this store time (µs) count as stale.</summary>
    public long StaleBefore => _clock.Now - _staleAfter;

    /// <summary>
    /// The same as of a reading, by the store's own clock: it also decides which confirmations are announced. By the time the answer is
    /// here, an entry may look stale whose confirmation was too early to be announced, and would stay so.
    /// </summary>
    public long StaleBeforeAt(PartitionPosition position) => position.Clock - _staleAfter;

    private long LatestEpoch => _partitions.Max(partition => partition.Position.Epoch);

    /// <summary>Keeps subjects level from now on. Balanced by <see cref="Untrack"/>.</summary>
    public void Track(IReadOnlyList<SubjectId> subjects)
    {
        foreach (var subject in subjects)
        {
            PartitionOf(subject).Track(subject);
        }
    }

    public void Untrack(IReadOnlyList<SubjectId> subjects)
    {
        foreach (var subject in subjects)
        {
            PartitionOf(subject).Untrack(subject);
        }
    }

    /// <summary>
    /// The entries of tracked subjects in the order asked. With a cursor: only those that a client at that cursor may lack, and all
    /// that are not live. A cursor that is no position of this store counts as none.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store is away and not all of the subjects are held here.</exception>
    public async Task<IReadOnlyList<StoredEntry>> ReadAsync(IReadOnlyList<SubjectId> subjects, Cursor? since, CancellationToken cancellationToken)
    {
        var read = await Task.WhenAll(subjects.GroupBy(_keys.PartitionOf)
            .Select(group => ReadPartitionAsync(group.Key, [.. group], since, cancellationToken)));
        if (since?.Epoch > LatestEpoch)
        {
            since = null;
        }

        var entries = new Dictionary<SubjectId, StoredEntry>(subjects.Count);
        foreach (var (position, partitionEntries) in read)
        {
            var resume = since is { } start && start.Time <= position.Clock ? since : null;
            foreach (var entry in partitionEntries)
            {
                // The entry's own epoch: one that was read through may be ahead of the position that the node follows.
                if (resume is null || !entry.IsLive || resume.Value.Precedes(entry))
                {
                    entries[entry.Subject] = entry;
                }
            }
        }

        return [.. subjects.Where(entries.ContainsKey).Select(subject => entries[subject])];
    }

    /// <summary>What was announced has happened: a server that lost it is told so, even when no answer of the old one came here.</summary>
    internal void TakeNote(int partition, PartitionPosition position) => _clock.Advance(partition, position.Epoch, position.Clock);

    internal void Advance(Cursor cursor)
    {
        lock (_cursorGate)
        {
            _cursor = cursor;
        }

        Positioned?.Invoke(cursor);
    }

    internal void ReportEpochChanged(int partition) => EpochChanged?.Invoke(partition);

    private MirrorPartition PartitionOf(SubjectId subject) => _partitions[_keys.PartitionOf(subject)];

    private async Task<(PartitionPosition Position, IReadOnlyList<StoredEntry> Entries)> ReadPartitionAsync(
        int index, SubjectId[] subjects, Cursor? since, CancellationToken cancellationToken)
    {
        var partition = _partitions[index];
        var position = partition.Position;
        var held = partition.Held(subjects);

        // A client that was ahead of this node would be told less than it knows.
        var isAhead = since?.Time > position.Clock || since?.Epoch > LatestEpoch;
        if (partition.IsFollowing && !isAhead && held.All(entry => entry is not null))
        {
            return (position, [.. held.OfType<StoredEntry>()]);
        }

        try
        {
            var reading = await _store.ReadAsync(index, subjects, cancellationToken);
            partition.TakeReading(subjects, reading, StaleBeforeAt(reading.Position));
            held = partition.Held(subjects);
            return (reading.Position,
                [.. subjects.Select((subject, i) => held[i] ?? reading.Entries[i] ?? StoredEntry.NeverObserved(subject, reading.Position.Epoch))]);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            partition.LoseTrack();
            held = partition.Held(subjects);
            return held.All(entry => entry is not null)
                ? (position, [.. held.OfType<StoredEntry>()])
                : throw new StoreUnavailableException(exception);
        }
    }
}
