using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Testing.Reference;

/// <summary>
/// A partition of the store as its rules are meant: what the scripts do, said once more in other words. Simulations run
/// on it, and the real scripts are compared with it.
/// </summary>
internal sealed class ReferencePartition
{
    private const int EpochSpread = 65_536;

    private readonly Dictionary<SubjectId, ReferenceEntry> _entries = [];
    private string _instance = string.Empty;
    private long _epoch;
    private long _offset;
    private long _clock;
    private long _now;

    /// <summary>The server's own time in the last script.</summary>
    public long Now => _now;

    public PartitionPosition Position => new(_epoch, _offset, _clock);

    public ReferenceEntry? Find(SubjectId subject) => _entries.GetValueOrDefault(subject);

    public ReferencePartition Copy()
    {
        var copy = new ReferencePartition
        {
            _instance = _instance,
            _epoch = _epoch,
            _offset = _offset,
            _clock = _clock,
            _now = _now,
        };
        foreach (var (subject, entry) in _entries)
        {
            copy._entries.Add(subject, entry);
        }

        return copy;
    }

    /// <summary>Its position and clock are lost, its entries are not.</summary>
    public void Reset() => (_instance, _epoch, _offset, _clock) = (string.Empty, 0, 0, 0);

    /// <summary>The data turns out to be of another server.</summary>
    public void BelongTo(string instance) => _instance = instance;

    /// <summary>Begins a script: one clock, and one epoch per incarnation of the data.</summary>
    public void Fence(string instance, long time, long floor, long seenEpoch)
    {
        _now = time;
        _clock = Math.Max(time, Math.Max(_clock, floor) + 1);
        if (_instance == instance && _epoch >= seenEpoch)
        {
            return;
        }

        _instance = instance;
        _epoch = Math.Max(_clock, Math.Max(_epoch, seenEpoch) + 1);
        _epoch += _epoch > time ? time % EpochSpread : 0;
        _clock = _epoch;
        _offset = 0;
    }

    /// <summary>An entry is gone: expired, or lost.</summary>
    public void Remove(SubjectId subject) => _entries.Remove(subject);

    /// <summary>Orders the observations. What is to be announced, if anything, is one message.</summary>
    public (ApplyOutcome[] Outcomes, ChangeMessage? Message) Apply(
        IReadOnlyList<Observation> observations,
        long confirmAfter
    )
    {
        var announced = new List<StoredEntry>();
        var outcomes = observations.Select(observation => Apply(observation, confirmAfter, announced)).ToArray();
        if (announced.Count is 0)
        {
            return (outcomes, null);
        }

        _offset++;
        return (outcomes, new ChangeMessage(Position, announced));
    }

    /// <summary>Reads an entry as the script does: what is ahead of the server's time comes back to it.</summary>
    public StoredEntry? Take(SubjectId subject)
    {
        ReturnToNow(subject);
        return Read(subject);
    }

    public StoredEntry? Read(SubjectId subject) =>
        Find(subject) is { } held
            ? new StoredEntry(
                subject,
                held.Availability,
                held.Activity,
                held.Since,
                held.ObservedAt,
                _epoch,
                held.Revision
            )
            : null;

    private ApplyOutcome Apply(Observation observation, long confirmAfter, List<StoredEntry> announced)
    {
        ReturnToNow(observation.Subject);
        observation = observation with { BegunAt = Math.Min(observation.BegunAt, _now) };
        var held = Find(observation.Subject);
        switch (held is null ? ApplyOutcome.Applied : Judge(held, observation))
        {
            case ApplyOutcome.Applied:
                _clock = Math.Max(_clock, held?.Revision ?? 0) + 1;
                _entries[observation.Subject] = new ReferenceEntry(
                    observation.Availability,
                    observation.Activity,
                    observation.SequenceNumber ?? string.Empty,
                    observation.BegunAt,
                    observation.BegunAt,
                    _clock,
                    LowerPolls: 0
                );
                announced.Add(Read(observation.Subject)!);
                return ApplyOutcome.Applied;

            case ApplyOutcome.Unchanged:
                Confirm(held!, observation, confirmAfter, announced);
                return ApplyOutcome.Unchanged;

            case ApplyOutcome.Stale when IsLatePoll(held!, observation):
                _entries[observation.Subject] = held! with { LowerPolls = held.LowerPolls + 1 };
                return ApplyOutcome.Stale;

            case var outcome:
                return outcome;
        }
    }

    private static ApplyOutcome Judge(ReferenceEntry held, Observation observation)
    {
        var isSame = (held.Availability, held.Activity) == (observation.Availability, observation.Activity);
        var isNumbered = !string.IsNullOrEmpty(observation.SequenceNumber);
        if (isNumbered && held.SequenceNumber.Length > 0)
        {
            var order = string.CompareOrdinal(observation.SequenceNumber, held.SequenceNumber);
            if (order < 0 && !(IsLatePoll(held, observation) && held.LowerPolls + 1 >= 2))
            {
                return ApplyOutcome.Stale;
            }

            if (order is not 0)
            {
                return isSame ? ApplyOutcome.Unchanged : ApplyOutcome.Applied;
            }
        }
        else if (!isSame && isNumbered && observation.Source is ObservationSource.Notification)
        {
            return ApplyOutcome.Ambiguous;
        }

        if (isSame && !isNumbered && observation.Source is ObservationSource.Poll && held.SequenceNumber.Length > 0)
        {
            return observation.BegunAt > held.ObservedAt ? ApplyOutcome.Unchanged : ApplyOutcome.Ambiguous;
        }

        return isSame ? ApplyOutcome.Unchanged
            : observation.BegunAt < held.ObservedAt ? ApplyOutcome.Ambiguous
            : ApplyOutcome.Applied;
    }

    /// <summary>Asked after the last observation, and yet numbered lower: Graph may have started its numbers
    /// again.</summary>
    private static bool IsLatePoll(ReferenceEntry held, Observation observation) =>
        observation.Source is ObservationSource.Poll && observation.BegunAt > held.ObservedAt;

    private void ReturnToNow(SubjectId subject)
    {
        if (Find(subject) is { } held && held.ObservedAt > _now)
        {
            _entries[subject] = held with { ObservedAt = _now };
        }
    }

    private void Confirm(ReferenceEntry held, Observation observation, long confirmAfter, List<StoredEntry> announced)
    {
        var isPoll = observation.Source is ObservationSource.Poll;
        var observedAt = isPoll ? Math.Max(held.ObservedAt, observation.BegunAt) : held.ObservedAt;
        var number = observation.SequenceNumber ?? string.Empty;
        var speaksOfTheNumber = isPoll
            ? number.Length > 0 || observation.BegunAt > held.ObservedAt
            : number.Length > 0 && held.SequenceNumber.Length > 0;
        _entries[observation.Subject] = held with
        {
            ObservedAt = observedAt,
            LowerPolls = 0,
            SequenceNumber = speaksOfTheNumber ? number : held.SequenceNumber,
        };
        if (observedAt > held.ObservedAt && _now - held.ObservedAt > confirmAfter)
        {
            announced.Add(Read(observation.Subject)!);
        }
    }
}
