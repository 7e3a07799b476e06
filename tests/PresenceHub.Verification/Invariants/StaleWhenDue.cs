using PresenceHub.Contracts;

namespace PresenceHub.Verification.Invariants;

/// <summary>
/// Entries are shown as stale exactly when no node can vouch for them: none while all is well, all when Graph has not
/// answered for long enough, and none before, unless a node says that it has lost sight of the store.
/// </summary>
internal sealed class StaleWhenDue(TimeSpan staleAfter, TimeSpan pollingPeriod) : Invariant
{
    /// <summary>Clocks of nodes know the store's to within about a second.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    /// <summary>How long a node goes without the store before it calls what it holds stale, and how late its word of it
    /// may come here.</summary>
    private static readonly (TimeSpan Before, TimeSpan After) Unsure = (
        TimeSpan.FromSeconds(15),
        TimeSpan.FromSeconds(3)
    );

    private readonly Dictionary<(string Client, string Id), PresenceEntry> _shown = [];
    private readonly List<(TimeSpan At, string What)> _suspects = [];
    private readonly List<TimeSpan> _unsureAt = [];
    private bool _isCalm;
    private TimeSpan? _stoppedAt;

    public override IEnumerable<string> Check(HubEvent next)
    {
        switch (next)
        {
            case HubEvent.Shown(var at, var client, var entry):
                _shown[(client, entry.Id)] = entry;
                if (entry.Freshness is Freshness.Stale && IsTooEarly(at))
                {
                    _suspects.Add((at, $"{client} shows as stale what is not: {entry}"));
                }

                break;
            case HubEvent.NodeUnsure(var at, _):
                _unsureAt.Add(at);
                break;
            case HubEvent.Forgot(_, var client, var ids):
                foreach (var id in ids)
                {
                    _shown.Remove((client, id));
                }

                break;
            case HubEvent.FaultsBegan or HubEvent.Ended:
                _isCalm = false;
                foreach (var what in TakeViolations())
                {
                    yield return what;
                }

                break;
            case HubEvent.Settled:
                _isCalm = true;
                foreach (var what in TakeViolations())
                {
                    yield return what;
                }

                foreach (var ((client, _), entry) in _shown.Where(shown => shown.Value.Freshness is not Freshness.Live))
                {
                    yield return $"{client} still does not show as live: {entry}";
                }

                break;
            case HubEvent.ReadsStopped(var at):
                _stoppedAt = at;
                break;
            case HubEvent.ReadsReturn:
                (_stoppedAt, _isCalm) = (null, false);
                foreach (var ((client, _), entry) in _shown.Where(shown => shown.Value.Freshness is Freshness.Live))
                {
                    yield return $"{client} shows as live what no node confirms: {entry}";
                }

                break;
        }
    }

    private List<string> TakeViolations()
    {
        var violations = _suspects
            .Where(suspect => !_unsureAt.Any(at => at > suspect.At - Unsure.Before && at < suspect.At + Unsure.After))
            .Select(suspect => suspect.What)
            .ToList();
        _suspects.Clear();
        return violations;
    }

    private bool IsTooEarly(TimeSpan at) =>
        _stoppedAt is { } stopped ? at < stopped + staleAfter - pollingPeriod - Tolerance : _isCalm;
}
