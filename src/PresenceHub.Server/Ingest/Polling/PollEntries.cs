using System.Collections.Frozen;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Who is watched or asked for, and what Graph knows of them. Guarded by <see cref="PollSchedule"/>.</summary>
internal sealed class PollEntries
{
    /// <summary>
    /// Subjects of which a node has said that it watches them, until the leases are read the next time: clients can
    /// watch and unwatch any ids meanwhile. More than these wait for that reading.
    /// </summary>
    internal const int MaxAnnounced = 100_000;

    private readonly Dictionary<SubjectId, PollEntry> _entries = [];
    private readonly int[] _leases = new int[Enum.GetValues<Lease>().Length];
    private int _version;

    /// <summary>Grows when a subject comes or goes that may be covered by a subscription.</summary>
    public int Version => Volatile.Read(ref _version);

    public IReadOnlySet<SubjectId> Covered { get; set; } = FrozenSet<SubjectId>.Empty;

    public IReadOnlyCollection<PollEntry> All => _entries.Values;

    public int WatchedCount => _leases[(int)Lease.Announced] + _leases[(int)Lease.Held];

    public int UnknownCount { get; private set; }

    public bool HasRoomForAnnounced => _leases[(int)Lease.Announced] < MaxAnnounced;

    public PollEntry? Find(SubjectId subject) => _entries.GetValueOrDefault(subject);

    public PollEntry Add(SubjectId subject)
    {
        var entry = new PollEntry(subject);
        _entries.Add(subject, entry);
        _leases[(int)Lease.None]++;
        return entry;
    }

    public void Remove(PollEntry entry)
    {
        SetLease(entry, Lease.None);
        UnknownCount -= entry.Knowledge is Knowledge.Unknown ? 1 : 0;
        _leases[(int)Lease.None]--;
        entry.IsRemoved = true;
        _entries.Remove(entry.Subject);
    }

    public void SetLease(PollEntry entry, Lease lease)
    {
        _version += (entry.Lease is Lease.None) != (lease is Lease.None) ? 1 : 0;
        _leases[(int)entry.Lease]--;
        _leases[(int)lease]++;
        entry.Lease = lease;
    }

    public void SetKnowledge(PollEntry entry, Knowledge knowledge)
    {
        _version += entry.Knowledge != knowledge && entry.Lease is not Lease.None ? 1 : 0;
        UnknownCount += (knowledge is Knowledge.Unknown ? 1 : 0) - (entry.Knowledge is Knowledge.Unknown ? 1 : 0);
        entry.UnknownReads = knowledge is Knowledge.Unknown ? entry.UnknownReads + 1 : 0;
        entry.Knowledge = knowledge;
    }

    public HashSet<SubjectId> Watched() =>
        [.. from entry in _entries.Values where entry.Lease is not Lease.None select entry.Subject];

    /// <summary>
    /// The subjects that subscriptions should cover: those that are watched and that Graph knows. A new leader has read
    /// none yet, so those that a subscription covers already count until they are read.
    /// </summary>
    public HashSet<SubjectId> Plannable(IReadOnlySet<SubjectId> covered) =>
        [
            .. from entry in _entries.Values
            where entry.Lease is not Lease.None
            where
                entry.Knowledge is Knowledge.Known
                || (entry.Knowledge is Knowledge.NotRead && covered.Contains(entry.Subject))
            select entry.Subject,
        ];

    public void Clear()
    {
        foreach (var entry in _entries.Values)
        {
            entry.IsRemoved = true;
        }

        _entries.Clear();
        _entries.TrimExcess();
        Array.Clear(_leases);
        (Covered, UnknownCount) = (FrozenSet<SubjectId>.Empty, 0);
        _version++;
    }
}
