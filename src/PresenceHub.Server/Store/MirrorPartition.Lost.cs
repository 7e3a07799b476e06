namespace PresenceHub.Server.Store;

internal sealed partial class MirrorPartition
{
    private volatile bool _isLost = true;
    private bool _keepsUntracked;

    /// <summary>
    /// Whether the node can vouch for nothing here: not listed since the start, or since <see cref="MarkAllStale"/>.
    /// </summary>
    public bool IsLost => _isLost;

    /// <summary>The node can vouch for nothing here until the partition has been listed again.</summary>
    public void MarkAllStale()
    {
        lock (_gate)
        {
            _isFollowing = false;
            _isLost = true;

            // A client that reconnects is shown what was held before: the store cannot tell. Nothing is added to that meanwhile.
            _keepsUntracked = true;
            var stale = new List<StoredEntry>();
            foreach (var slot in _slots.Values.Where(slot => slot.Entry is { IsLive: true }))
            {
                slot.Entry = slot.Entry! with { IsStale = true };
                stale.Add(slot.Entry);
            }

            Report(stale);
        }
    }

    private void DropUntracked()
    {
        if (_keepsUntracked)
        {
            _keepsUntracked = false;
            foreach (var (subject, _) in _slots.Where(slot => slot.Value.Trackers is 0))
            {
                _slots.Remove(subject);
            }
        }
    }
}
