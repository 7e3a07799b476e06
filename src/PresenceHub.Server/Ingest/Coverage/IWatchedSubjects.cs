using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Coverage;

/// <summary>
/// The watched subjects, for those who have subscriptions cover them: which ones a subscription should cover, and which
/// ones it does.
/// </summary>
internal interface IWatchedSubjects
{
    /// <summary>Grows when a subject comes or goes that may be covered by a subscription.</summary>
    int Version { get; }

    /// <summary>How many subjects a node watches.</summary>
    int WatchedCount { get; }

    /// <summary>
    /// Whether subjects outside subscriptions wait for one, and are read more often meanwhile; without accounts they
    /// wait for nothing.
    /// </summary>
    bool AwaitsSubscriptions { get; set; }

    /// <summary>The subjects that subscriptions should cover: those that are watched and that Graph knows.</summary>
    /// <param name="covered">Those that are covered now. They count until they are read.</param>
    HashSet<SubjectId> Plannable(IReadOnlySet<SubjectId> covered);

    /// <summary>Takes over which subjects are in a subscription. Those that no longer are get their shorter
    /// interval.</summary>
    void SetCovered(IReadOnlySet<SubjectId> covered);

    /// <summary>Has subjects read soon.</summary>
    void Hint(IEnumerable<SubjectId> subjects);
}
