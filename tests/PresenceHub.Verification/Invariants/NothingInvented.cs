using PresenceHub.Contracts;

namespace PresenceHub.Verification.Invariants;

/// <summary>Every stored or shown state was once Graph's, and no known subject becomes unknown: no outage says
/// anything about a subject.</summary>
internal sealed class NothingInvented : Invariant
{
    private readonly HashSet<(string Id, string Availability, string Activity)> _written = [];
    private readonly HashSet<(string Client, string Id)> _known = [];

    public override IEnumerable<string> Check(HubEvent next)
    {
        switch (next)
        {
            case HubEvent.Wrote(_, var id, var availability, var activity):
                _written.Add((id, availability, activity));
                break;
            case HubEvent.Held(_, var id, var availability, var activity)
                when !_written.Contains((id, availability, activity)):
                yield return $"the store holds {availability}/{activity} for {id}, which Graph never said";
                break;
            case HubEvent.Shown(_, var client, { Freshness: Freshness.Unknown } entry):
                if (_known.Contains((client, entry.Id)))
                {
                    yield return $"{client} knew {entry.Id} and no longer does: {entry}";
                }

                break;
            case HubEvent.Shown(_, var client, var entry):
                _known.Add((client, entry.Id));
                if (!_written.Contains((entry.Id, entry.Availability, entry.Activity)))
                {
                    yield return $"{client} shows what Graph never said: {entry}";
                }

                break;
            case HubEvent.Forgot(_, var client, var ids):
                foreach (var id in ids)
                {
                    _known.Remove((client, id));
                }

                break;
        }
    }
}
