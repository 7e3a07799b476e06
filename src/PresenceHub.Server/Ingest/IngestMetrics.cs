using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest;

/// <summary>What Ingest counts. Tags never carry an id.</summary>
internal sealed class IngestMetrics : IDisposable
{
    /// <summary>Upper bounds of the buckets, in seconds. Graph calls an endpoint slow when it takes ten.</summary>
    private static readonly InstrumentAdvice<double> AnswerSeconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    /// <summary>Upper bounds of the buckets, in seconds: around the polling intervals of 15 s to minutes.</summary>
    private static readonly InstrumentAdvice<double> UnknownSeconds = new()
    {
        HistogramBucketBoundaries = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 300, 600, 1800],
    };

    private readonly Meter _meter;
    private readonly Counter<long> _observations;
    private readonly Counter<long> _notifications;
    private readonly Histogram<double> _webhookDuration;
    private readonly Counter<long> _missed;
    private readonly Histogram<double> _wrong;
    private readonly Counter<long> _subscriptions;
    private long _watched;
    private long _unknown;
    private long _quarantined;
    private long _covered;
    private long _queued;
    private int _leader;
    private (int Working, int Failing, int SignInNeeded) _accounts;

    public IngestMetrics(IMeterFactory meters, IOptions<PollingOptions> polling)
    {
        _meter = meters.Create("PresenceHub");
        _observations = _meter.CreateCounter<long>(
            "presencehub.ingest.observations",
            "{observation}",
            "Readings of subjects, by what became of them"
        );
        _notifications = _meter.CreateCounter<long>(
            "presencehub.ingest.notifications",
            "{notification}",
            "Notifications, by what became of them"
        );
        _webhookDuration = _meter.CreateHistogram<double>(
            "presencehub.ingest.webhook.duration",
            "s",
            "Time to answer a POST from Graph",
            advice: AnswerSeconds
        );
        _meter.CreateObservableGauge(
            "presencehub.ingest.subjects.watched",
            () => Volatile.Read(ref _watched),
            "{subject}",
            "Subjects this node reads as leader"
        );
        _meter.CreateObservableGauge(
            "presencehub.ingest.subjects.unknown",
            () => Volatile.Read(ref _unknown),
            "{subject}",
            "Those that Graph does not know"
        );
        _meter.CreateObservableGauge(
            "presencehub.ingest.subjects.quarantined",
            () => Volatile.Read(ref _quarantined),
            "{subject}",
            "Those for which Graph refuses a whole page; they are read alone, again with growing delay"
        );
        _meter.CreateObservableGauge(
            "presencehub.ingest.subjects.covered",
            () => Volatile.Read(ref _covered),
            "{subject}",
            "Those in a subscription"
        );
        _meter.CreateObservableGauge(
            "presencehub.ingest.subjects.polled",
            () => polling.Value.Enabled ? Uncovered : 0,
            "{subject}",
            "Those in none, which are only polled"
        );
        _meter.CreateObservableGauge(
            "presencehub.ingest.subjects.uncovered",
            () => polling.Value.Enabled ? 0 : Uncovered,
            "{subject}",
            "Those neither in a subscription nor polled"
        );
        _meter.CreateObservableGauge(
            "presencehub.ingest.accounts",
            CountAccounts,
            "{account}",
            "Delegated accounts, by how they do"
        );
        _missed = _meter.CreateCounter<long>(
            "presencehub.ingest.notifications.missed",
            "{notification}",
            "Changes of subjects in a subscription that a poll found and no notification announced"
        );
        _wrong = _meter.CreateHistogram<double>(
            "presencehub.ingest.wrong.duration",
            "s",
            "Longest time that a change found by a poll can have been unknown: since the subject's reading before",
            advice: UnknownSeconds
        );
        _subscriptions = _meter.CreateCounter<long>(
            "presencehub.ingest.subscriptions",
            "{event}",
            "What became of subscriptions"
        );
        _meter.CreateObservableGauge(
            "presencehub.ingest.leader",
            () => Volatile.Read(ref _leader),
            description: "1 on the node that reads Graph"
        );
        _meter.CreateObservableGauge(
            "presencehub.ingest.notifications.queued",
            () => Volatile.Read(ref _queued),
            "{request}",
            "POSTs from Graph that wait to be processed"
        );
    }

    private long Uncovered => Math.Max(0, Volatile.Read(ref _watched) - Volatile.Read(ref _covered));

    /// <param name="wrongAtMost">Since the subject was read before.</param>
    public void Missed(TimeSpan wrongAtMost)
    {
        _missed.Add(1);
        _wrong.Record(wrongAtMost.TotalSeconds, Tag("coverage", "notified"));
    }

    /// <inheritdoc cref="Missed"/>
    public void FoundByPoll(TimeSpan wrongAtMost) => _wrong.Record(wrongAtMost.TotalSeconds, Tag("coverage", "polled"));

    public void Subscription(string happened) => _subscriptions.Add(1, Tag("event", happened));

    public void SetAccounts(int working, int failing, int signInNeeded) => _accounts = (working, failing, signInNeeded);

    public void Observed(ObservationSource source, IEnumerable<ApplyOutcome> outcomes)
    {
        foreach (var outcome in outcomes.CountBy(outcome => outcome))
        {
            Observed(source, outcome.Key.ToString(), outcome.Value);
        }
    }

    public void ObservationRefused(ObservationSource source, int count = 1)
    {
        if (count > 0)
        {
            Observed(source, "Refused", count);
        }
    }

    public void Notified(string outcome, int count = 1) => _notifications.Add(count, Tag("outcome", outcome));

    public void WebhookAnswered(TimeSpan duration, int status) =>
        _webhookDuration.Record(duration.TotalSeconds, Tag("status", status));

    public void SetWatched(int subjects, int unknown = 0, int quarantined = 0)
    {
        Volatile.Write(ref _watched, subjects);
        Volatile.Write(ref _unknown, unknown);
        Volatile.Write(ref _quarantined, quarantined);
    }

    public void SetCovered(int subjects) => Volatile.Write(ref _covered, subjects);

    public void SetQueued(int batches) => Volatile.Write(ref _queued, batches);

    public void SetLeader(bool leads) => Volatile.Write(ref _leader, leads ? 1 : 0);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<int>> CountAccounts()
    {
        var (working, failing, signInNeeded) = _accounts;
        return
        [
            new(working, Tag("state", "working")),
            new(failing, Tag("state", "failing")),
            new(signInNeeded, Tag("state", "signInNeeded")),
        ];
    }

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);

    private void Observed(ObservationSource source, string outcome, int count) =>
        _observations.Add(
            count,
            Tag("source", source.ToString().ToLowerInvariant()),
            Tag("outcome", outcome.ToLowerInvariant())
        );
}
