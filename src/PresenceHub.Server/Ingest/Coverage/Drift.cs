using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Coverage;

/// <summary>
/// Compares, on the leader, what polls find with what notifications announced: Graph gives no sign of a lost
/// notification, nor of a subscription that has died.
/// </summary>
internal sealed class Drift(IngestMetrics metrics, IOptions<SubscriptionOptions> options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SubjectId, long> _confirmedAt = [];
    private readonly Dictionary<SubjectId, long> _announcedAt = [];
    private readonly Queue<Finding> _findings = new();
    private Dictionary<Guid, Holding> _held = [];

    /// <summary>Takes over which subscriptions live. A new one answers only for what changes from now on.</summary>
    public void SetHeld(IEnumerable<SubscriptionRecord> records)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _held = records.ToDictionary(
                record => record.Id,
                record =>
                    _held.TryGetValue(record.Id, out var known)
                        ? known with
                        {
                            Record = record,
                        }
                        : new Holding(record, now, 0)
            );
        }
    }

    /// <summary>A subscription has brought notifications of these subjects.</summary>
    public void Announced(Guid subscriptionId, IEnumerable<SubjectId> subjects)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            foreach (var subject in subjects)
            {
                _announcedAt[subject] = now;
            }

            if (_held.TryGetValue(subscriptionId, out var holding))
            {
                _held[subscriptionId] = holding with { Missed = 0 };
            }
        }
    }

    /// <summary>A poll that began at <paramref name="begun"/> was stored with these outcomes.</summary>
    public void Polled(IReadOnlyList<Observation> observations, IReadOnlyList<ApplyOutcome> outcomes, long begun)
    {
        lock (_gate)
        {
            for (var i = 0; i < outcomes.Count; i++)
            {
                var subject = observations[i].Subject;
                if (outcomes[i] is not (ApplyOutcome.Applied or ApplyOutcome.Unchanged))
                {
                    continue;
                }

                // Graph notifies of no deletion, and a first reading changes nothing that was shown.
                if (
                    outcomes[i] is ApplyOutcome.Applied
                    && observations[i].Availability.Length > 0
                    && _confirmedAt.TryGetValue(subject, out var before)
                )
                {
                    Found(subject, before);
                }

                _confirmedAt[subject] = begun;
            }
        }
    }

    /// <summary>Judges what was found long enough ago for its notification to have come. Returns the subscriptions that
    /// are dead.</summary>
    public IReadOnlyList<Guid> SweepOnce()
    {
        lock (_gate)
        {
            while (
                _findings.TryPeek(out var finding)
                && time.GetElapsedTime(finding.FoundAt) >= options.Value.NotificationPatience
            )
            {
                _findings.Dequeue();
                if (!IsAnnounced(finding))
                {
                    metrics.Missed(time.GetElapsedTime(finding.ConfirmedAt, finding.FoundAt));
                    if (_held.TryGetValue(finding.SubscriptionId, out var holding))
                    {
                        _held[finding.SubscriptionId] = holding with { Missed = holding.Missed + 1 };
                    }
                }
            }

            return [.. from held in _held where held.Value.Missed >= options.Value.MissedUntilDead select held.Key];
        }
    }

    /// <summary>Forgets who is no longer watched.</summary>
    public void Keep(IReadOnlySet<SubjectId> watched)
    {
        lock (_gate)
        {
            foreach (var times in (Dictionary<SubjectId, long>[])[_confirmedAt, _announcedAt])
            {
                foreach (var subject in times.Keys.Where(subject => !watched.Contains(subject)).ToArray())
                {
                    times.Remove(subject);
                }
            }
        }
    }

    /// <summary>How many subjects it keeps something of.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _confirmedAt.Count + _announcedAt.Count + _findings.Count;
            }
        }
    }

    /// <summary>A new term: when subjects were read before may be long past.</summary>
    public void ForgetReadings()
    {
        lock (_gate)
        {
            _confirmedAt.Clear();
        }
    }

    /// <summary>A new term: what was known may be long past.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _confirmedAt.Clear();
            _announcedAt.Clear();
            _findings.Clear();
            _held = [];
        }
    }

    private void Found(SubjectId subject, long before)
    {
        var now = time.GetTimestamp();
        var covering = _held.Values.FirstOrDefault(holding => holding.Record.Covered.Contains(subject));
        if (covering is null)
        {
            metrics.FoundByPoll(time.GetElapsedTime(before, now));
        }
        else if (before >= covering.Since)
        {
            var finding = new Finding(subject, covering.Record.Id, before, now);
            if (!IsAnnounced(finding))
            {
                _findings.Enqueue(finding);
            }
        }
    }

    private bool IsAnnounced(Finding finding) =>
        _announcedAt.TryGetValue(finding.Subject, out var at) && at >= finding.ConfirmedAt;

    /// <param name="ConfirmedAt">The subject's last reading before, which still found the old presence.</param>
    private readonly record struct Finding(SubjectId Subject, Guid SubscriptionId, long ConfirmedAt, long FoundAt);

    /// <param name="Missed">Changes missed since its last notification.</param>
    private sealed record Holding(SubscriptionRecord Record, long Since, int Missed);
}
