using PresenceHub.Contracts;

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

            // A client that reconnects is shown what was held before: the store cannot tell. Nothing is added to that.
            _keepsUntracked = true;
            var stale = new List<StoredEntry>();
            foreach (var slot in _slots.Values)
            {
                slot.IsKept = slot.Entry is not null;
                if (slot.Entry is not { IsLive: true })
                {
                    continue;
                }

                slot.Entry = slot.Entry! with { IsStale = true };
                stale.Add(slot.Entry);
            }

            Report(stale);
        }
    }

    /// <summary>Fills in that nothing is known of the subjects of which nothing is held. A caller is told so.</summary>
    public void FillInUnknown(ReadOnlySpan<SubjectId> subjects, Span<StoredEntry?> entries)
    {
        lock (_gate)
        {
            for (var i = 0; i < entries.Length; i++)
            {
                if (entries[i] is not null)
                {
                    continue;
                }

                var slot = _slots.GetValueOrDefault(subjects[i]);
                entries[i] = slot?.Entry ?? StoredEntry.NeverObserved(subjects[i], _position.Epoch);

                // The caller has its answer: the first entry that comes is news to it, even if the call of another
                // brings it.
                slot?.IsLoaded = true;
            }
        }
    }

    private void DropUntracked()
    {
        if (_keepsUntracked)
        {
            _keepsUntracked = false;
            foreach (var slot in _slots.Values)
            {
                slot.IsKept = false;
            }

            foreach (var (subject, _) in _slots.Where(slot => slot.Value.Trackers is 0))
            {
                _slots.Remove(subject);
            }
        }
    }
}
