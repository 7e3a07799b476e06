namespace PresenceHub.Verification.Model;

/// <summary>What happens between a node and a client.</summary>
internal sealed partial class Protocol
{
    public static World Disconnect(World world, int client)
    {
        world.ClientStates[client].Disconnect();
        return Forget(world);
    }

    public World Call(World world, int client, int node)
    {
        ref var state = ref world.ClientStates[client];
        (state.Phase, state.Node) = (Phase.Called, (byte)node);
        state.Promised = state.Sent = state.AnswerCursor = world.NodeStates[node].Cursor;
        return defect is Defect.ReadBeforeInterest ? TakeSnapshot(world, client) : world;
    }

    public World Answer(World world, int client)
    {
        world = defect is Defect.ReadBeforeInterest ? world : TakeSnapshot(world, client);
        world.ClientStates[client].Phase = Phase.Answered;
        return world;
    }

    public World Receive(World world, int client)
    {
        ref var state = ref world.ClientStates[client];
        for (var s = 0; s < World.Subjects; s++)
        {
            ref var view = ref state.View[s];
            if (state.IsLeftOut[s])
            {
                view.IsStale &= state.IsPushed[s];
            }
            else if (!state.IsPushed[s] || view.IsOlderThan(state.Basis[s]))
            {
                Show(ref view, state.Basis[s]);
            }
        }

        state.Cursor = state.AnswerCursor;
        state.Phase = Phase.Open;
        (state.Basis, state.IsLeftOut, state.IsPushed, state.AnswerCursor) = (default, default, default, default);
        return world;
    }

    public static bool HasPending(Client client) => client.Pending[0].IsHeld || client.Pending[1].IsHeld;

    public World Flush(World world, int client)
    {
        ref var state = ref world.ClientStates[client];
        for (var s = 0; s < World.Subjects; s++)
        {
            if (state.Pending[s].IsHeld)
            {
                Show(ref state.View[s], state.Pending[s]);
                state.IsPushed[s] = state.Phase is not Phase.Open;
            }
        }

        state.Pending = default;
        state.Sent = state.Promised;
        return world;
    }

    public static bool IsBookmarkDue(Client client) => client.Phase is Phase.Open && client.Sent != client.Cursor;

    public static World Bookmark(World world, int client)
    {
        world.ClientStates[client].Cursor = world.ClientStates[client].Sent;
        return world;
    }

    public bool IsWatching(Client client) =>
        client.Phase > (defect is Defect.ReadBeforeInterest ? Phase.Called : Phase.Off);

    public bool MayLack(ModelCursor cursor, Entry entry, byte followedEpoch)
    {
        var epoch = defect is Defect.EpochOfThePositionOnly ? followedEpoch : entry.Epoch;
        var seenUpTo =
            defect is Defect.EpochComparedWithEpochsOnly ? cursor.Epoch : Math.Min(cursor.Epoch, cursor.Time);
        return entry.Revision > cursor.Time
            || (defect is Defect.CursorWithoutEpoch ? epoch > cursor.Time : epoch > seenUpTo);
    }

    /// <summary>A subject without watchers on a node is not held there.</summary>
    private static World Forget(World world)
    {
        for (var n = 0; n < World.Nodes; n++)
        {
            var isTracked = false;
            for (var c = 0; c < World.Clients; c++)
            {
                isTracked |= world.ClientStates[c].Phase is not Phase.Off && world.ClientStates[c].Node == n;
            }

            if (!isTracked)
            {
                world.NodeStates[n].Held = default;
            }
        }

        return world;
    }

    private World TakeSnapshot(World world, int client)
    {
        ref var state = ref world.ClientStates[client];
        ref var node = ref world.NodeStates[state.Node];
        var positions = default(Pair<ModelCursor>);
        var latestEpoch = Math.Max(node.Mirrors[0].Epoch, node.Mirrors[1].Epoch);
        for (var p = 0; p < bounds.Partitions; p++)
        {
            ref var mirror = ref node.Mirrors[p];
            positions[p] = new ModelCursor(mirror.Epoch, mirror.Clock);
            var isAhead =
                defect is not Defect.NoReadThrough
                && (state.Cursor.Time > mirror.Clock || state.Cursor.Epoch > latestEpoch);
            if (mirror.IsFollowing && !isAhead && HoldsAll(node, p))
            {
                continue;
            }

            Read(ref world, p, ref mirror);
            var live = world.Partitions[p].Live;
            positions[p] = new ModelCursor(live.Epoch, live.Clock);
            mirror.IsFollowing &= live.Epoch <= mirror.Epoch;
            if (live.Epoch >= mirror.Epoch)
            {
                Take(ref world, state.Node, p);
            }
        }

        for (var s = 0; s < World.Subjects; s++)
        {
            var p = PartitionOf(s);
            var basis = node.Held[s].IsHeld ? node.Held[s] : StoredEntry(world, p, s);
            var isResume =
                state.HasCursor && state.Cursor.Epoch <= latestEpoch && state.Cursor.Time <= positions[p].Time;
            state.Basis[s] = basis;
            state.IsLeftOut[s] = isResume && basis.IsLive && !MayLack(state.Cursor, basis, node.Mirrors[p].Epoch);
        }

        return world;
    }

    private void Show(ref Entry view, Entry entry)
    {
        if (!view.IsHeld || !entry.IsOlderThan(view) || defect is Defect.NoMergeByRevision)
        {
            view = entry;
        }
    }
}
