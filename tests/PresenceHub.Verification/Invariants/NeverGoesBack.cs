using PresenceHub.Contracts;

namespace PresenceHub.Verification.Invariants;

/// <summary>What a client shows of a subject never goes back in (epoch, revision), as long as it watches.</summary>
internal sealed class NeverGoesBack : Invariant
{
    private readonly Dictionary<(string Client, string Id), PresenceEntry> _shown = [];

    public override IEnumerable<string> Check(HubEvent next)
    {
        switch (next)
        {
            case HubEvent.Shown(_, var client, var entry):
                if (
                    _shown.TryGetValue((client, entry.Id), out var before)
                    && (entry.Epoch, entry.Revision).CompareTo((before.Epoch, before.Revision)) < 0
                )
                {
                    yield return $"{client} went from {before} back to {entry}";
                }

                _shown[(client, entry.Id)] = entry;
                break;
            case HubEvent.Forgot(_, var client, var ids):
                foreach (var id in ids)
                {
                    _shown.Remove((client, id));
                }

                break;
        }
    }
}
