using PresenceHub.Contracts;

namespace PresenceHub.Testing.Invariants;

/// <summary>
/// Entries are shown as stale exactly when nobody can vouch for them: none while all is well, all when Graph has not answered for
/// long enough, and none before.
/// </summary>
internal sealed class StaleWhenDue(TimeSpan staleAfter, TimeSpan pollingPeriod) : Invariant
{
    /// <summary>Clocks of nodes know the store's to within about a second.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private readonly Dictionary<(string Client, string Id), PresenceEntry> _shown = [];
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
                    yield return $"{client} shows as stale what is not: {entry}";
                }

                break;
            case HubEvent.Forgot(_, var client, var ids):
                foreach (var id in ids)
                {
                    _shown.Remove((client, id));
                }

                break;
            case HubEvent.FaultsBegan:
                _isCalm = false;
                break;
            case HubEvent.Settled:
                _isCalm = true;
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
                    yield return $"{client} shows as live what nobody confirms: {entry}";
                }

                break;
        }
    }

    private bool IsTooEarly(TimeSpan at) => _stoppedAt is { } stopped ? at < stopped + staleAfter - pollingPeriod - Tolerance : _isCalm;
}
