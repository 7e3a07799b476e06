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
    /// For so long no subject becomes unknown while Graph answers for none. Afterwards the missing subjects may really
    /// be all there were. Entries are stale by then.
    /// </summary>
    internal static readonly TimeSpan DoubtPatience = TimeSpan.FromMinutes(3);

    private readonly Lock _gate = new();
    private readonly Queue<SubjectId> _witnesses = new();
    private long _count;
    private long _failedAt;
    private int _failures;
    private long? _doubtedAt;

    /// <summary>How many have come: a count that has grown since shows that Graph works.</summary>
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

    /// <summary>A read has brought the presences of these subjects; none when it has brought nothing.</summary>
    public void Came(IEnumerable<SubjectId> witnesses)
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
                CameNow();
            }
        }
    }

    public void ProbeCame()
    {
        lock (_gate)
        {
            CameNow();
        }
    }

    public void ProbeFailed()
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
    /// Whether known subjects that are missing may become unknown although Graph has answered for none since: when
    /// there is no other subject to ask for, or when this has lasted long enough.
    /// </summary>
    public bool MayBelieveMissing(IReadOnlyList<SubjectId> missing)
    {
        lock (_gate)
        {
            _doubtedAt ??= time.GetTimestamp();
            return time.GetElapsedTime(_doubtedAt.Value) >= DoubtPatience
                || (missing is [var only] && _witnesses.All(witness => witness == only));
        }
    }

    private void CameNow() => (_count, _failures, _doubtedAt) = (_count + 1, 0, null);
}
