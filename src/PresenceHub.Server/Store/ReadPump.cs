using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>
/// Reads subjects of one partition for all callers together. One script is in flight at a time. Subjects that are asked
/// for meanwhile go into the next script, each once. So many callers cost only as many scripts as Redis can answer, not
/// one script each.
/// </summary>
/// <remarks>
/// A caller shares only scripts that are sent after its call. Its interest is registered by then, so a change that the
/// script does not include is announced to it.
/// </remarks>
internal sealed class ReadPump(
    int partition,
    ClientReads store,
    MirrorPartition mirror,
    Func<PartitionSnapshot, long> staleBefore
)
{
    internal const int MaxSubjectsPerRead = PresenceStore.MaxSubjectsPerScript;

    /// <summary>The number of scripts that wait while one is in flight. When all are full, the caller is answered that
    /// the store is unavailable, and repeats its call.</summary>
    internal const int MaxWaiting = 256;

    /// <summary>After a failed script, callers that have waited for this long fail too instead of waiting for another
    /// attempt.</summary>
    internal static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Queue<PendingRead> _waiting = [];
    private readonly Dictionary<SubjectId, ReadTicket> _tickets = [];
    private PendingRead? _open;
    private bool _isReading;

    /// <summary>The loop that sends. It ends while no subject is asked for.</summary>
    internal Task Sending { get; private set; } = Task.CompletedTask;

    /// <summary>Adds subjects to the next scripts: those without a held entry, or all if <paramref name="held"/> is
    /// empty. False when too many scripts wait.</summary>
    public bool TryAsk(
        MirrorRead caller,
        ReadOnlySpan<SubjectId> subjects,
        ReadOnlySpan<StoredEntry?> held,
        Span<ReadTicket> tickets
    )
    {
        lock (_gate)
        {
            for (var i = 0; i < subjects.Length; i++)
            {
                if (!held.IsEmpty && held[i] is not null)
                {
                    continue;
                }

                if (!TryAsk(subjects[i], out tickets[i]))
                {
                    return false;
                }

                tickets[i].Read!.AddCaller(caller);
            }

            if (_isReading || _waiting.Count is 0)
            {
                return true;
            }

            _isReading = true;
        }

        // The loop also serves other callers, so it must not carry the context of this one.
        using (ExecutionContext.SuppressFlow())
        {
            Sending = SendAsync();
        }

        return true;
    }

    private bool TryAsk(SubjectId subject, out ReadTicket ticket)
    {
        if (_tickets.TryGetValue(subject, out ticket))
        {
            return true;
        }

        if (_open is null || _open.Subjects.Count >= MaxSubjectsPerRead)
        {
            if (_waiting.Count >= MaxWaiting)
            {
                return false;
            }

            _waiting.Enqueue(_open = new PendingRead(store.Timestamp));
        }

        _tickets[subject] = ticket = new ReadTicket(_open, _open.Subjects.Count);
        _open.Subjects.Add(subject);
        return true;
    }

    private async Task SendAsync()
    {
        Exception? failure = null;
        while (TryTake(out var read))
        {
            if (failure is not null && store.Since(read.AskedAt) > MaxWait)
            {
                read.Fail(failure);
                continue;
            }

            try
            {
                var reading = await store.ReadAsync(partition, read.Subjects);
                read.Complete(reading.Position, mirror.Answer(read.Subjects, reading, staleBefore(reading)));
                failure = null;
            }
            catch (Exception exception)
            {
                // Only the callers of this read fail. The position check decides whether the store is away.
                failure = exception;
                read.Fail(exception);
            }
        }
    }

    private bool TryTake(out PendingRead read)
    {
        lock (_gate)
        {
            _isReading = _waiting.TryDequeue(out read!);
            if (!_isReading)
            {
                return false;
            }

            foreach (var subject in read.Subjects)
            {
                _tickets.Remove(subject);
            }

            if (ReferenceEquals(read, _open))
            {
                _open = null;
            }

            return true;
        }
    }
}
