using CsCheck;

namespace PresenceHub.Verification.Model;

/// <summary>What may happen and how often, and what must hold whatever happens.</summary>
internal sealed class ProtocolSpec(Defect defect, Bounds bounds)
{
    private readonly Protocol _protocol = new(defect, bounds);
    private readonly Protocol _sound = new(Defect.None, bounds);

    public Spec<World> Build()
    {
        int[] subjects = [0, 1];
        int[] nodes = [.. Enumerable.Range(0, bounds.Nodes)];
        int[] clients = [.. Enumerable.Range(0, bounds.Clients)];
        (int Node, int Announcement)[] messages =
        [
            .. from node in nodes
            from announcement in Enumerable.Range(0, Math.Max(1, bounds.Writes))
            select (node, announcement),
        ];
        (int Partition, Restart Kind)[] restarts =
        [
            .. from partition in Enumerable.Range(0, bounds.Partitions)
            from kind in bounds.Restarts
            select (partition, kind),
        ];
        (int Client, int Node)[] calls = [.. from client in clients from node in nodes select (client, node)];

        var spec = Spec.From(_protocol.Start())
            .Action(
                "Write",
                subjects,
                (world, _) => world.Writes < bounds.Writes,
                (world, subject) => _protocol.Write(world, subject),
                30
            )
            .Action(
                "Deliver",
                messages,
                (world, message) => Protocol.IsInFlight(world, message.Node, message.Announcement),
                (world, message) => _protocol.Deliver(world, message.Node, message.Announcement, isRepeated: false),
                40
            )
            .Action(
                "Repeat",
                messages,
                (world, message) =>
                    bounds.MessagesFail
                    && CanFail(world)
                    && Protocol.IsInFlight(world, message.Node, message.Announcement),
                (world, message) =>
                    _protocol.Deliver(WithFault(world), message.Node, message.Announcement, isRepeated: true),
                5
            )
            .Action(
                "Drop",
                messages,
                (world, message) =>
                    bounds.MessagesFail
                    && CanFail(world)
                    && Protocol.IsInFlight(world, message.Node, message.Announcement),
                (world, message) => Protocol.Drop(WithFault(world), message.Node, message.Announcement),
                5
            )
            .Action(
                "Restart",
                restarts,
                (world, _) => CanFail(world),
                (world, restart) => Protocol.Restart(WithFault(world), restart.Partition, restart.Kind),
                5
            )
            .Action(
                "Confirm",
                nodes,
                (world, node) => _protocol.IsLevel(world, node),
                (world, node) => _protocol.Confirm(world, node),
                20
            )
            .Action(
                "Relist",
                nodes,
                (world, node) => _protocol.NeedsListing(world, node),
                (world, node) => _protocol.Relist(world, node),
                30
            )
            .Action(
                "Disconnect",
                clients,
                (world, client) => world.Cuts < bounds.Cuts && world.ClientStates[client].Phase is not Phase.Off,
                (world, client) => Protocol.Disconnect(world with { Cuts = (byte)(world.Cuts + 1) }, client),
                10
            )
            .Action(
                "Call",
                calls,
                (world, call) => world.ClientStates[call.Client].Phase is Phase.Off,
                (world, call) => Call(world, call.Client, call.Node),
                20
            )
            .Action(
                "Answer",
                clients,
                (world, client) => world.ClientStates[client].Phase is Phase.Called,
                (world, client) => _protocol.Answer(world, client),
                30
            )
            .Action(
                "Receive",
                clients,
                (world, client) => world.ClientStates[client].Phase is Phase.Answered,
                (world, client) => _protocol.Receive(world, client),
                30
            )
            .Action(
                "Flush",
                clients,
                (world, client) => Protocol.HasPending(world.ClientStates[client]),
                (world, client) => _protocol.Flush(world, client),
                40
            )
            .Action(
                "Bookmark",
                clients,
                (world, client) => Protocol.IsBookmarkDue(world.ClientStates[client]),
                (world, client) => Protocol.Bookmark(world, client),
                20
            )
            .Never(
                Requirement.Order,
                "A client's view of a subject never goes back in (epoch, revision).",
                AnyViewWentBack
            )
            .Invariant(Requirement.Written, "Nothing is shown that was never written.", EveryViewWasWritten)
            .Invariant(
                Requirement.NothingMissed,
                "What a node knows, its open connections were sent or are about to be.",
                NothingIsMissed
            )
            .Invariant(Requirement.Cursor, "A client holds everything up to its cursor.", CursorsHold)
            .Rule(
                Requirement.Answer,
                "An answer never speaks of something older than what the cursor vouches for.",
                "Answer",
                (before, after) => !AnyAnswerIsBehind(before, after)
            )
            .Invariant(
                Requirement.Convergence,
                "Once the faults end, every view equals the store, although what was on its way is lost.",
                Converges
            );
        if (bounds is { Cuts: > 0, CallsTakeTime: true })
        {
            spec.Reachable("LEFT-OUT", "A resume leaves out what is unchanged.", world =>
                world.ClientStates[0].IsLeftOut[0] && world.ClientStates[0].IsLeftOut[1]
            );
        }

        if (bounds.Writes > 0 && bounds.Faults > 0)
        {
            spec.Reachable("LOST", "A client shows a write that the store has lost.", ShowsALostWrite);
        }

        return spec;
    }

    private World Call(World world, int client, int node)
    {
        world = _protocol.Call(world, client, node);
        return bounds.CallsTakeTime ? world : _protocol.Receive(_protocol.Answer(world, client), client);
    }

    private bool CanFail(World world) => world.Faults < bounds.Faults;

    private static World WithFault(World world) => world with { Faults = (byte)(world.Faults + 1) };

    private bool AnyViewWentBack(World before, World after) =>
        Any((c, s) => after.ClientStates[c].View[s].IsOlderThan(before.ClientStates[c].View[s]));

    private bool EveryViewWasWritten(World world) =>
        !Any(
            (c, s) =>
            {
                var view = world.ClientStates[c].View[s];
                return view.Value switch
                {
                    0 => false,
                    <= World.Subjects => view.Value != s + 1 || IsOtherRevision(view, s + 2),
                    _ => world.Announcements[view.Value - World.Subjects - 1] is var written
                        && (written.Subject != s || IsOtherRevision(view, written.Entry.Revision)),
                };
            }
        );

    // What the store has lost may be shown in a later epoch, by an earlier revision.
    private static bool IsOtherRevision(Entry view, int written) =>
        view.Revision > written || (!view.IsStale && view.Revision < written);

    private bool NothingIsMissed(World world) =>
        !Any(
            (c, s) =>
            {
                var client = world.ClientStates[c];
                var held = world.NodeStates[client.Node].Held[s];
                var view = client.View[s];
                return client.Phase is Phase.Open
                    && !client.Pending[s].IsHeld
                    && (
                        view.IsOlderThan(held)
                        || ((view.Epoch, view.Revision) == (held.Epoch, held.Revision) && view != held)
                    );
            }
        );

    private bool CursorsHold(World world) =>
        !Any(
            (c, s) =>
            {
                var p = _protocol.PartitionOf(s);
                var live = world.Partitions[p].Live;
                var cursor = world.ClientStates[c].Cursor;
                var entry = live.Entries[s] with { Epoch = live.Epoch };
                var isOfLostEpoch =
                    live.Epoch
                    < Math.Max(world.NodeStates[0].Mirrors[p].SeenEpoch, world.NodeStates[1].Mirrors[p].SeenEpoch);
                return !isOfLostEpoch
                    && entry.IsKnown
                    && world.ClientStates[c].HasCursor
                    && !_sound.MayLack(cursor, entry, entry.Epoch)
                    && world.ClientStates[c].View[s].IsOlderThan(entry);
            }
        );

    private bool AnyAnswerIsBehind(World before, World after) =>
        Any(
            (c, s) =>
            {
                var (client, cursor) = (after.ClientStates[c], before.ClientStates[c].Cursor);
                var view = before.ClientStates[c].View[s];
                return before.ClientStates[c].Phase is Phase.Called
                    && client.Phase is Phase.Answered
                    && view.Revision <= cursor.Time
                    && view.Epoch <= cursor.Epoch
                    && client.Basis[s].IsKnown
                    && client.Basis[s].IsOlderThan(view);
            }
        );

    private bool Converges(World world) =>
        IsConverged(_protocol.Settle(world, 0))
        && (
            bounds.Nodes is 1
            || !Any((c, _) => world.ClientStates[c].Phase is Phase.Off)
            || IsConverged(_protocol.Settle(world, 1))
        );

    private bool IsConverged(World world) =>
        !Any(
            (c, s) =>
            {
                var live = world.Partitions[_protocol.PartitionOf(s)].Live;
                var (view, entry) = (world.ClientStates[c].View[s], live.Entries[s] with { Epoch = live.Epoch });
                return (view.Value, view.IsStale) != (entry.Value, false);
            }
        );

    private bool ShowsALostWrite(World world) =>
        Any(
            (c, s) =>
                world.Partitions[_protocol.PartitionOf(s)].Live.Entries[s].IsKnown
                && world.ClientStates[c].View[s].Value
                    > world.Partitions[_protocol.PartitionOf(s)].Live.Entries[s].Value
        );

    private bool Any(Func<int, int, bool> of)
    {
        for (var i = 0; i < bounds.Clients * World.Subjects; i++)
        {
            if (of(i / World.Subjects, i % World.Subjects))
            {
                return true;
            }
        }

        return false;
    }
}
