using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>The subjects that one connection watches.</summary>
/// <param name="outbox">What sends the connection its changes; null where nothing does, as in tests of the lists
/// alone.</param>
internal sealed class WatchList(
    string connectionId,
    Watcher watcher,
    int limit,
    InterestIndex index,
    IWatchListOutbox? outbox
)
{
    /// <summary>Belongs to the <see cref="InterestIndex"/> and is used under its lock only, like
    /// <see cref="IsClosed"/>.</summary>
    public MembershipTable Memberships;

    public bool IsClosed { get; set; }

    public string ConnectionId { get; } = connectionId;

    public Watcher Watcher { get; } = watcher;

    /// <summary>What the watcher takes in all; null where no quotas hold, as in tests of the lists alone.</summary>
    public WatcherUsage? Usage { get; init; }

    /// <summary>When the connection was opened, by <see cref="WatcherUsage.Now"/>.</summary>
    public long OpenedAt { get; init; }

    public IWatchListOutbox? Outbox { get; } = outbox;

    /// <summary>Subjects that the list may hold.</summary>
    public int Limit { get; } = limit;

    /// <summary>A copy of what is watched now.</summary>
    public IReadOnlySet<SubjectId> Subjects => index.SubjectsOf(this);

    /// <summary>Adds what fits under the limit; the rest is returned. A closed list accepts nothing.</summary>
    public (IReadOnlyList<SubjectId> Added, IReadOnlySet<SubjectId> OverLimit) Add(IReadOnlyList<SubjectId> subjects) =>
        index.Add(this, subjects);

    /// <summary>Those of the subjects that are not watched.</summary>
    public IReadOnlyCollection<SubjectId> NotWatchedOf(IReadOnlyList<SubjectId> subjects) =>
        index.NotWatchedOf(this, subjects);

    /// <summary>Removes subjects; those not watched are ignored.</summary>
    public void Remove(IEnumerable<SubjectId> subjects) => index.Remove(this, subjects);

    /// <summary>Removes those of the subjects that are watched, and has the client told. Returns them.</summary>
    public IReadOnlyList<SubjectId> Revoke(IEnumerable<SubjectId> subjects) => index.Revoke(this, subjects);

    /// <summary>Removes everything; later calls have no effect.</summary>
    public void Close() => index.Close(this);
}
