using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>
/// Whether Graph answers reads at all. Only while it does, a page that fails is the fault of somebody in it; while nothing is read, a
/// probe of somebody who was read before tells, again with growing delay.
/// </summary>
internal sealed class GraphAnswers(TimeProvider time)
{
    /// <summary>One of them may be the culprit itself, or be deleted since.</summary>
    private const int MaxWitnesses = 4;
    private const int MaxDoublings = 5;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<SubjectId> _witnesses = new();
    private long _count;
    private long _failedAt;
    private int _failures;

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

    /// <summary>A read has brought the presence of this subject.</summary>
    public void Came(SubjectId witness)
    {
        lock (_gate)
        {
            CameNow();
            if (!_witnesses.Contains(witness))
            {
                _witnesses.Enqueue(witness);
                if (_witnesses.Count > MaxWitnesses)
                {
                    _witnesses.Dequeue();
                }
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

    /// <summary>Whom to probe. False while the last probe that failed stands for all.</summary>
    /// <param name="stranger">To be taken when nobody has been read yet; null: then there is no probe.</param>
    /// <param name="subject">Another one each time.</param>
    public bool TryGetProbe(SubjectId? stranger, out SubjectId subject)
    {
        lock (_gate)
        {
            subject = stranger.GetValueOrDefault();
            var delay = FirstDelay * Math.Pow(2, Math.Min(_failures, MaxDoublings) - 1);
            if (_failures > 0 && time.GetElapsedTime(_failedAt) < delay)
            {
                return false;
            }

            if (_witnesses.TryDequeue(out var witness))
            {
                _witnesses.Enqueue(subject = witness);
                return true;
            }

            return stranger is not null;
        }
    }

    private void CameNow() => (_count, _failures) = (_count + 1, 0);
}
