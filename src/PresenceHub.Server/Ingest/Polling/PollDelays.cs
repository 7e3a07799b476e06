using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>How long until a subject is read the next time.</summary>
internal sealed class PollDelays(WatchedSubjects watched, PollPace pace)
{
    /// <summary>A subject is due after this part of its interval, give or take; the rest is left for waiting and
    /// reading.</summary>
    private const double EarliestPart = 0.75,
        JitterPart = 0.15;

    /// <summary>A page that is read anyway takes along what would be due within this part of the interval: fuller pages
    /// are fewer.</summary>
    private const double ReadAheadPart = 0.1;

    /// <summary>Of subjects that Graph does not know. An entry of one lives for longer than that in the
    /// store.</summary>
    internal const int LongestUnknownIntervals = 4;

    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);
    private static readonly BackOff Retries = new(TimeSpan.FromSeconds(1), LongestRetry);
    private static readonly BackOff AmbiguityRetries = new(TimeSpan.FromMilliseconds(50), LongestRetry);

    public TimeSpan ReadAhead => Uncovered * ReadAheadPart;

    /// <summary>After a read that was answered; null when it is read only on a refresh.</summary>
    public TimeSpan? AfterAnswer(PollEntry entry) =>
        pace.IsPeriodic ? IntervalOf(entry) * (EarliestPart + (JitterPart * Random.Shared.NextDouble())) : null;

    /// <summary>After a subscription no longer covers the subject: spread over its shorter interval.</summary>
    public TimeSpan? AfterCoverage() => pace.IsPeriodic ? Uncovered * Random.Shared.NextDouble() : null;

    /// <summary>After reads in a row that could not be ordered against the stored one.</summary>
    public static TimeSpan AfterAmbiguity(int failures) => AmbiguityRetries.After(failures);

    /// <summary>After reads in a row that failed.</summary>
    public static TimeSpan AfterFailure(int failures) => Retries.AfterWithJitter(failures);

    /// <summary>Graph has answered within the interval of the subject: a new watcher needs no other read.</summary>
    public bool IsFresh(PollEntry entry, TimeSpan now) =>
        entry.ReadAt is { } readAt
        && entry.Failures is 0
        && (
            now - readAt < IntervalOf(entry)
            || (entry.Knowledge is Knowledge.Unknown && now - readAt < UnknownSubjects.Lifetime)
        );

    private TimeSpan Uncovered => watched.AwaitsSubscriptions ? pace.Uncovered : pace.Covered;

    private TimeSpan IntervalOf(PollEntry entry) =>
        entry.Knowledge is Knowledge.Unknown
            ? pace.Covered
                * Math.Min(LongestUnknownIntervals, 1 << Math.Clamp(entry.UnknownReads - 1, 0, LongestUnknownIntervals))
        : watched.IsCovered(entry.Subject) ? pace.Covered
        : Uncovered;
}
