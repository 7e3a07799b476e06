using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>The subjects that one connection watches.</summary>
/// <param name="connectionId">The connection.</param>
/// <param name="watcher">The watcher of the connection.</param>
/// <param name="limit">The number of subjects that the list may hold.</param>
/// <param name="index">The index of this node.</param>
/// <param name="outbox">Sends the changes to the connection; null in tests of the lists alone.</param>
internal sealed class WatchList(
    string connectionId,
    Watcher watcher,
    int limit,
    InterestIndex index,
    IWatchListOutbox? outbox
)
{
    /// <summary>Belongs to the <see cref="InterestIndex"/>, like <see cref="IsClosed"/>, and is used only under its
    /// lock.</summary>
    public MembershipTable Memberships;

    public bool IsClosed { get; set; }

    public string ConnectionId { get; } = connectionId;

    public Watcher Watcher { get; } = watcher;

    /// <summary>The usage of the watcher; null in tests of the lists alone.</summary>
    public WatcherUsage? Usage { get; init; }

    /// <summary>The <see cref="WatcherUsage.Now"/> when the connection was opened.</summary>
    public long OpenedAt { get; init; }

    public IWatchListOutbox? Outbox { get; } = outbox;

    /// <summary>The number of subjects that the list may hold.</summary>
    public int Limit { get; } = limit;

    /// <summary>A copy of the watched subjects.</summary>
    public IReadOnlySet<SubjectId> Subjects => index.SubjectsOf(this);

    /// <summary>Adds the subjects that fit under the limit, and returns the others. A closed list accepts
    /// none.</summary>
    public (IReadOnlyList<SubjectId> Added, IReadOnlySet<SubjectId> OverLimit) Add(IReadOnlyList<SubjectId> subjects) =>
        index.Add(this, subjects);

    /// <inheritdoc cref="InterestIndex.Announce"/>
    public void Announce(IReadOnlyList<SubjectId> subjects) => index.Announce(this, subjects);

    /// <summary>The subjects that are not watched.</summary>
    public IReadOnlyCollection<SubjectId> NotWatchedOf(IReadOnlyList<SubjectId> subjects) =>
        index.NotWatchedOf(this, subjects);

    /// <summary>Removes subjects. Those that are not watched are ignored.</summary>
    public void Remove(IEnumerable<SubjectId> subjects) => index.Remove(this, subjects);

    /// <summary>Removes the subjects that are watched, tells the client to forget them, and returns them.</summary>
    public IReadOnlyList<SubjectId> Revoke(IEnumerable<SubjectId> subjects) => index.Revoke(this, subjects);

    /// <summary>Removes all subjects. Later calls have no effect.</summary>
    public void Close() => index.Close(this);
}
