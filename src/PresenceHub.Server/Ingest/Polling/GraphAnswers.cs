using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>
/// Whether Graph answers reads at all. Only then is a subject in a page the reason why the page fails. While nothing is
/// read, a probe of a subject that was read before tells; probes that fail are repeated with growing delay.
/// </summary>
internal sealed class GraphAnswers(TimeProvider time)
{
    /// <summary>One of them may be the culprit itself, or be deleted since.</summary>
    internal const int MaxWitnesses = 4;
    private const int MaxDoublings = 5;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// While Graph answers for no subject, none becomes unknown for this time. After that, the missing subjects may
    /// really be unknown. Entries are stale by then.
    /// </summary>
    internal static readonly TimeSpan OmissionPatience = TimeSpan.FromMinutes(3);

    private readonly Lock _gate = new();
    private readonly Queue<SubjectId> _witnesses = new();
    private long _count;
    private long _failedAt;
    private int _failures;
    private long? _missingSince;

    /// <summary>How many answers there were. If the count grows, Graph works.</summary>
    public long Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>Records the subjects that a read was answered for, if any.</summary>
    public void RecordAnswer(IEnumerable<SubjectId> witnesses)
    {
        lock (_gate)
        {
            var hasCome = false;
            foreach (var witness in witnesses)
            {
                hasCome = true;
                if (!_witnesses.Contains(witness))
                {
                    _witnesses.Enqueue(witness);
                    if (_witnesses.Count > MaxWitnesses)
                    {
                        _witnesses.Dequeue();
                    }
                }
            }

            if (hasCome)
            {
                RecordSuccess();
            }
        }
    }

    public void RecordProbeAnswer()
    {
        lock (_gate)
        {
            RecordSuccess();
        }
    }

    public void RecordProbeFailure()
    {
        lock (_gate)
        {
            (_failedAt, _failures) = (time.GetTimestamp(), _failures + 1);
        }
    }

    /// <summary>The subject to probe. False while the last failed probe stands for all.</summary>
    /// <param name="stranger">Taken when no subject has been read yet; null: then there is no probe.</param>
    /// <param name="subject">Another one each time.</param>
    /// <param name="isWitness">It was read before.</param>
    public bool TryGetProbe(SubjectId? stranger, out SubjectId subject, out bool isWitness)
    {
        lock (_gate)
        {
            isWitness = false;
            subject = stranger.GetValueOrDefault();
            var delay = FirstDelay * Math.Pow(2, Math.Min(_failures, MaxDoublings) - 1);
            if (_failures > 0 && time.GetElapsedTime(_failedAt) < delay)
            {
                return false;
            }

            if (_witnesses.TryDequeue(out var witness))
            {
                isWitness = true;
                _witnesses.Enqueue(subject = witness);
                return true;
            }

            return stranger is not null;
        }
    }

    /// <summary>
    /// Whether known subjects that are missing may become unknown although Graph has answered for none since: only if
    /// there is no other subject to ask for, or if this has lasted long enough.
    /// </summary>
    public bool MayBecomeUnknown(IReadOnlyList<SubjectId> missing)
    {
        lock (_gate)
        {
            _missingSince ??= time.GetTimestamp();
            return time.GetElapsedTime(_missingSince.Value) >= OmissionPatience
                || (missing is [var only] && _witnesses.All(witness => witness == only));
        }
    }

    private void RecordSuccess() => (_count, _failures, _missingSince) = (_count + 1, 0, null);
}
