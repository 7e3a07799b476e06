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

    /// <summary>New entries of tracked subjects. Raised in order per subject and under a lock: a handler only takes
    /// note.</summary>
    public event Action<IReadOnlyList<StoredEntry>>? Changed;

    /// <summary>All changes up to the cursor have been raised.</summary>
    public event Action<Cursor>? Positioned;

    /// <summary>The data of a partition is of another incarnation: writes may be lost, so its subjects need to be read
    /// from Graph again.</summary>
    public event Action<int>? EpochChanged;

    public IReadOnlyList<MirrorPartition> Partitions => _partitions;

    /// <summary>
    /// Everything up to here has been raised by <see cref="Changed"/>. Nothing is promised while a partition is lost:
    /// what a client is told then of its subjects may lack what is earlier than any later cursor.
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

    /// <summary>Whether the node cannot vouch for what it holds of the subject.</summary>
    public bool IsLost(SubjectId subject) => _partitions[_keys.PartitionOf(subject)].IsLost;

    /// <inheritdoc cref="StoreClock.StepsBackOf"/>
    public int StepsBackOf(int partition) => _clock.StepsBackOf(partition);

    /// <summary>Entries of a partition confirmed after this time (µs) are ahead of its server, whose clock has stepped
    /// back.</summary>
    public long AheadOf(int partition) => _clock.NowOf(partition) + StoreClock.Tolerance;

    /// <summary>Entries of a partition confirmed before this time (µs) of its server count as stale.</summary>
    public long StaleBeforeOf(int partition) => _clock.NowOf(partition) - _staleAfter;

    /// <summary>
    /// The same as of a reading, by the server's own time: it also decides which confirmations are announced. By the
    /// time the answer is here, an entry may look stale whose confirmation was too early to be announced, and would
    /// stay so.
    /// </summary>
    public long StaleBeforeAt(PartitionSnapshot reading) => reading.Time - _staleAfter;

    /// <summary>Keeps subjects in sync from now on. Balanced by <see cref="Untrack"/>.</summary>
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
    /// The entries of tracked subjects in the order asked. With a cursor: only those that a client at that cursor may
    /// lack, and all that are not live. A cursor that is no position of this store counts as none.
    /// </summary>
    /// <param name="subjects">The subjects, which are tracked.</param>
    /// <param name="since">Where the caller stands.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="isFresh">
    /// The caller knows nothing of the subjects: those of a lost partition that are not held here are answered as
    /// never observed.
    /// </param>
    /// <exception cref="StoreUnavailableException">The store did not answer and not all of the subjects are held
    /// here.</exception>
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

    /// <summary>What was announced has happened: a server that lost it is told so, even when no answer of the old one
    /// came here.</summary>
    internal void RecordPosition(int partition, PartitionPosition position) =>
        _clock.Advance(partition, position.Epoch, position.Clock);

    internal void Advance(Cursor cursor)
    {
        lock (_cursorGate)
        {
            _cursor = cursor;
        }

        Positioned?.Invoke(cursor);
    }

    /// <summary>Connections that open from now on are promised nothing until the next <see cref="Advance"/>.</summary>
    internal void PromiseNothing()
    {
        lock (_cursorGate)
        {
            _cursor = Cursor.Start;
        }
    }

    internal void ReportEpochChanged(int partition) => EpochChanged?.Invoke(partition);
}
