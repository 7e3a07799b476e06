namespace PresenceHub.Verification.Invariants;

/// <summary>No node grows without end, whatever lies on its links.</summary>
internal sealed class Bounded : Invariant
{
    private const double MaxResidentMegabytes = 600;
    private const long MaxNotificationsQueued = 512;

    /// <summary>200 clients that watch 20 subjects each, all of them stuck.</summary>
    private const long MaxOutboxPending = 4_000;

    public override IEnumerable<string> Check(HubEvent next)
    {
        if (next is not HubEvent.Sampled(_, var node, var resident, var pending, var queued))
        {
            yield break;
        }

        if (resident > MaxResidentMegabytes)
        {
            yield return $"{node} takes {resident:0} MB";
        }

        if (pending > MaxOutboxPending)
        {
            yield return $"{node} holds {pending} entries for slow connections";
        }

        if (queued > MaxNotificationsQueued)
        {
            yield return $"{node} holds {queued} notifications";
        }
    }
}
