using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>
/// Readings of subjects that Graph does not know and that were not stored, since no lease had been read yet. They wait
/// for the lease, and are dropped when there is none.
/// </summary>
internal sealed class UnstoredReadings(WatchedSubjects watched)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SubjectId, Observation> _readings = [];

    public void Add(Observation reading)
    {
        lock (_gate)
        {
            if (watched.LeaseOf(reading.Subject) is not Lease.None)
            {
                _readings[reading.Subject] = reading;
            }
        }
    }

    /// <summary>A newer reading has been stored.</summary>
    public void Remove(SubjectId subject)
    {
        lock (_gate)
        {
            _readings.Remove(subject);
        }
    }

    /// <summary>Takes those whose lease has been read.</summary>
    public IReadOnlyList<Observation> TakeHeld()
    {
        lock (_gate)
        {
            var held = new List<Observation>();
            foreach (var (subject, reading) in _readings)
            {
                var lease = watched.LeaseOf(subject);
                if (lease is Lease.Held)
                {
                    held.Add(reading);
                }

                if (lease is not Lease.Unconfirmed)
                {
                    _readings.Remove(subject);
                }
            }

            return held;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _readings.Clear();
        }
    }
}
