namespace PresenceHub.Server.Ingest.Polling;

/// <summary>How often subjects are read.</summary>
/// <param name="IsPeriodic">False: only on a refresh.</param>
/// <param name="Covered">Interval for subjects that a subscription covers, and for all when there are no
/// subscriptions.</param>
/// <param name="Uncovered">Interval for subjects that wait for a subscription.</param>
internal sealed record PollPace(bool IsPeriodic, TimeSpan Covered, TimeSpan Uncovered)
{
    private static readonly TimeSpan LongestUncovered = TimeSpan.FromSeconds(15);

    public static PollPace Of(PollingOptions polling, bool hasSubscriptions) =>
        new(
            polling.Enabled,
            polling.Period,
            hasSubscriptions && polling.Period > LongestUncovered ? LongestUncovered : polling.Period
        );
}
