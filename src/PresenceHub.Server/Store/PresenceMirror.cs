using Microsoft.Extensions.Options;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>The latest entry of every subject watched on this node, kept in sync with the store by
/// <see cref="MirrorFollower"/>.</summary>
internal sealed class PresenceMirror
{
    private readonly StoreKeys _keys;
    private readonly StoreClock _clock;
    private readonly long _staleAfter;
    private readonly MirrorPartition[] _partitions;
    private readonly ReadPump[] _pumps;
    private readonly Lock _cursorGate = new();
    private Cursor _cursor;

    public PresenceMirror(ClientReads reads, StoreKeys keys, StoreClock clock, IOptions<StoreOptions> options)
    {
        (_keys, _clock) = (keys, clock);
        _staleAfter = StoreTime.FromTimeSpan(options.Value.StaleAfter);
        _partitions =
        [
            .. Enumerable
                .Range(0, keys.Partitions)
                .Select(_ => new MirrorPartition(entries => Changed?.Invoke(entries))),
        ];
        _pumps = [.. _partitions.Select((partition, index) => new ReadPump(index, reads, partition, StaleBeforeAt))];
    }

    /// <summary>Raised with new entries of tracked subjects, in order per subject. Raised under a lock: a handler only
    /// records the entries.</summary>
    public event Action<IReadOnlyList<StoredEntry>>? Changed;

    /// <summary>Raised after all changes up to the cursor were raised.</summary>
    public event Action<Cursor>? Positioned;

    /// <summary>Raised when the data of a partition has another epoch. Writes may be lost, so the subjects of the
    /// partition have to be read from Graph again.</summary>
    public event Action<int>? EpochChanged;

    public IReadOnlyList<MirrorPartition> Partitions => _partitions;

    /// <summary>
    /// All changes up to here were raised by <see cref="Changed"/>. While a partition is lost it is
    /// <see cref="Store.Cursor.Start"/>: an answer about its subjects may lack changes from before any later cursor.
    /// </summary>
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

    /// <summary>Whether the partition of the subject is lost, see <see cref="MirrorPartition.IsLost"/>.</summary>
    public bool IsLost(SubjectId subject) => _partitions[_keys.PartitionOf(subject)].IsLost;

    /// <inheritdoc cref="StoreClock.StepsBackOf"/>
    public int StepsBackOf(int partition) => _clock.StepsBackOf(partition);

    /// <summary>Entries of a partition confirmed after this time (µs) are ahead of its server, whose clock has stepped
    /// back.</summary>
    public long AheadOf(int partition) => _clock.NowOf(partition) + StoreClock.Tolerance;

    /// <summary>Entries of a partition confirmed before this time (µs) of its server count as stale.</summary>
    public long StaleBeforeOf(int partition) => _clock.NowOf(partition) - _staleAfter;

    /// <summary>
    /// The same limit at the time of a reading, by the server's clock, which also decides which confirmations are
    /// announced. When the answer arrives, an entry may look stale although its confirmation came too early to be
    /// announced; it would then stay stale.
    /// </summary>
    public long StaleBeforeAt(PartitionSnapshot reading) => reading.Time - _staleAfter;

    /// <summary>Keeps subjects in sync until <see cref="Untrack"/>.</summary>
    public void Track(IReadOnlyList<SubjectId> subjects)
    {
        var groups = new PartitionGroups(subjects, _keys);
        for (var partition = 0; partition < _partitions.Length; partition++)
        {
            if (groups.Subjects[groups[partition]] is { IsEmpty: false } tracked)
            {
                _partitions[partition].Track(tracked);
            }
        }
    }

    public void Untrack(IReadOnlyList<SubjectId> subjects)
    {
        var groups = new PartitionGroups(subjects, _keys);
        for (var partition = 0; partition < _partitions.Length; partition++)
        {
            if (groups.Subjects[groups[partition]] is { IsEmpty: false } tracked)
            {
                _partitions[partition].Untrack(tracked);
            }
        }
    }

    /// <summary>
    /// Reads the entries of tracked subjects in the order of the call. With a cursor, the answer has only those that a
    /// client at that cursor may lack and those that are not live. A cursor that is no position of this store counts as
    /// none.
    /// </summary>
    /// <param name="subjects">The subjects, which are tracked.</param>
    /// <param name="since">The cursor of the caller.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="isFresh"> Whether the caller has no earlier answer about the subjects. Subjects of a lost partition
    /// without an entry are then answered as never observed. </param>
    /// <exception cref="StoreUnavailableException">The store did not answer, and this node does not hold all
    /// entries.</exception>
    public async Task<IReadOnlyList<StoredEntry>> ReadAsync(
        IReadOnlyList<SubjectId> subjects,
        Cursor? since,
        CancellationToken cancellationToken,
        bool isFresh = false
    )
    {
        var read = new MirrorRead(subjects, _keys, _partitions, isFresh);
        if (!read.TryBegin(_pumps, since))
        {
            throw new StoreUnavailableException("More reads wait for the presence store than it can answer in time");
        }

        if (read.IsWaiting)
        {
            await read.WaitAsync(cancellationToken);
        }

        return read.Select(since);
    }

    /// <summary>Records an announced position. A server that has lost it is told with the next script, even if no
    /// answer of the old server reached this node.</summary>
    internal void RecordPosition(int partition, PartitionPosition position) =>
        _clock.Advance(partition, position.Epoch, position.Clock);

    /// <summary>Sets the cursor, and raises <see cref="Positioned"/>.</summary>
    internal void Advance(Cursor cursor)
    {
        lock (_cursorGate)
        {
            _cursor = cursor;
        }

        Positioned?.Invoke(cursor);
    }

    /// <summary>Resets the cursor for new connections until the next <see cref="Advance"/>.</summary>
    internal void PromiseNothing()
    {
        lock (_cursorGate)
        {
            _cursor = Cursor.Start;
        }
    }

    /// <summary>Raises <see cref="EpochChanged"/>.</summary>
    internal void ReportEpochChanged(int partition) => EpochChanged?.Invoke(partition);
}
