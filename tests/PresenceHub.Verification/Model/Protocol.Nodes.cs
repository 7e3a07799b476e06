namespace PresenceHub.Verification.Model;

/// <summary>What a node does with what it hears of the store.</summary>
internal sealed partial class Protocol
{
    /// <summary>Messages arrive in any order.</summary>
    public World Deliver(World world, int node, int announcement, bool isRepeated)
    {
        if (!isRepeated)
        {
            world = Drop(world, node, announcement);
        }

        var message = world.Announcements[announcement];
        ref var mirror = ref world.NodeStates[node].Mirrors[PartitionOf(message.Subject)];
        if (message.Epoch < mirror.Epoch)
        {
            return world;
        }

        var isMissed = message.Epoch > mirror.Epoch || message.Offset > mirror.Offset + 1;
        if (isMissed && defect is not Defect.GapIgnored)
        {
            mirror.IsFollowing = false;
        }
        else if (isMissed || message.Offset == mirror.Offset + 1)
        {
            (mirror.Epoch, mirror.Offset, mirror.Clock) = (message.Epoch, message.Offset, message.Clock);
        }

        Merge(ref world, node, message.Subject, message.Entry);
        return world;
    }

    public bool IsLevel(World world, int node)
    {
        for (var p = 0; p < bounds.Partitions; p++)
        {
            if (!HasReached(world, node, p))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The position check finds every change seen: the time is confirmed and promised to the
    /// clients.</summary>
    public World Confirm(World world, int node)
    {
        ref var state = ref world.NodeStates[node];
        var cursor = new ModelCursor(0, byte.MaxValue);
        for (var p = 0; p < bounds.Partitions; p++)
        {
            Read(ref world, p, ref state.Mirrors[p]);
            ref var live = ref world.Partitions[p].Live;
            state.Mirrors[p].Clock = live.Clock;
            cursor = new ModelCursor(Math.Max(cursor.Epoch, live.Epoch), Math.Min(cursor.Time, live.Clock));
        }

        state.Cursor = cursor;
        for (var c = 0; c < World.Clients; c++)
        {
            ref var client = ref world.ClientStates[c];
            if (IsWatching(client) && client.Node == node)
            {
                client.Promised = cursor;
                if (defect is Defect.CursorBeforeFlush || !HasPending(client))
                {
                    client.Sent = cursor;
                }
            }
        }

        return world;
    }

    public bool NeedsListing(World world, int node)
    {
        for (var p = 0; p < bounds.Partitions; p++)
        {
            if (
                defect is Defect.NoPositionCheck
                    ? !world.NodeStates[node].Mirrors[p].IsFollowing
                    : !HasReached(world, node, p)
            )
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Everything tracked in the partitions that are behind is read, and followed from there.</summary>
    public World Relist(World world, int node)
    {
        for (var p = 0; p < bounds.Partitions; p++)
        {
            ref var mirror = ref world.NodeStates[node].Mirrors[p];
            if (defect is Defect.NoPositionCheck ? mirror.IsFollowing : HasReached(world, node, p))
            {
                continue;
            }

            Read(ref world, p, ref mirror);
            var live = world.Partitions[p].Live;
            if (live.Epoch < mirror.Epoch)
            {
                continue;
            }

            if (live.Epoch != mirror.Epoch || live.Offset >= mirror.Offset || !mirror.IsFollowing)
            {
                (mirror.Epoch, mirror.Offset, mirror.Clock) = (live.Epoch, live.Offset, live.Clock);
            }

            mirror.IsFollowing = true;
            Take(ref world, node, p);
        }

        return world;
    }

    private bool HasReached(World world, int node, int p)
    {
        var mirror = world.NodeStates[node].Mirrors[p];
        ref var partition = ref world.Partitions[p];
        return mirror.IsFollowing
            && !IsFenceDue(partition, mirror)
            && mirror.Epoch == partition.Live.Epoch
            && mirror.Offset >= partition.Live.Offset;
    }

    private bool HoldsAll(Node node, int p)
    {
        for (var s = 0; s < World.Subjects; s++)
        {
            if (PartitionOf(s) == p && !node.Held[s].IsHeld)
            {
                return false;
            }
        }

        return true;
    }

    private void Take(ref World world, int node, int p)
    {
        for (var s = 0; s < World.Subjects; s++)
        {
            if (PartitionOf(s) == p)
            {
                var stored = StoredEntry(world, p, s);
                var held = world.NodeStates[node].Held[s];
                Merge(ref world, node, s, !stored.IsKnown && held.IsKnown ? Lost(held, stored.Epoch) : stored);
            }
        }
    }

    private Entry Lost(Entry held, byte epoch) =>
        defect is Defect.LostEntryKeepsItsEpoch || held.Epoch == epoch
            ? held with
            {
                IsStale = true,
            }
            : held with
            {
                IsStale = true,
                Epoch = epoch,
                Revision = Math.Min(held.Revision, epoch),
            };

    private void Merge(ref World world, int node, int subject, Entry entry)
    {
        ref var held = ref world.NodeStates[node].Held[subject];
        var isOlder = held.IsHeld && entry.IsOlderThan(held) && defect is not Defect.NoMergeByRevision;
        var isTracked = false;
        for (var c = 0; c < World.Clients; c++)
        {
            isTracked |= IsWatching(world.ClientStates[c]) && world.ClientStates[c].Node == node;
        }

        if (!isTracked || isOlder)
        {
            return;
        }

        var known = defect is Defect.EqualRevisionNotAnnounced ? held with { Epoch = entry.Epoch } : held;
        held = entry;
        for (var c = 0; c < World.Clients && entry != known; c++)
        {
            ref var client = ref world.ClientStates[c];
            if (IsWatching(client) && client.Node == node)
            {
                client.Pending[subject] = entry;
            }
        }
    }
}
