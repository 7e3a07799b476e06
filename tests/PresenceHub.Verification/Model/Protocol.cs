namespace PresenceHub.Verification.Model;

/// <summary>
/// The protocol as pure steps from one <see cref="World"/> to the next. Each step is what the code does under one lock
/// or in one script. Subject and partition of one number belong together when there are two partitions.
/// </summary>
internal sealed partial class Protocol(Defect defect, Bounds bounds)
{
    /// <summary>What Graph says when it is read again because the store had lost the entry.</summary>
    private const byte Refilled = 9;

    public World Start()
    {
        var world = new World { Now = 3 };
        var data = new StoreData
        {
            Epoch = 1,
            Offset = 2,
            Clock = 3,
            Entries = new Pair<Entry>(new Entry(0, 2, 1, false), new Entry(0, 3, 2, false)),
        };
        for (var p = 0; p < bounds.Partitions; p++)
        {
            world.Partitions[p] = new Partition
            {
                Live = data,
                Replica = data,
                UsedEpochs = 1 << 1,
            };
            world.NodeStates[0].Mirrors[p] = world.NodeStates[1].Mirrors[p] = new Mirror(1, 2, 3, true, 1, 3);
        }

        world.NodeStates[0].Cursor = world.NodeStates[1].Cursor = new ModelCursor(1, 3);
        world.NodeStates[0].Held = new Pair<Entry>(new Entry(1, 2, 1, false), new Entry(1, 3, 2, false));
        world.NodeStates[1].Held = world.NodeStates[0].Held;
        for (byte c = 0; c < bounds.Clients; c++)
        {
            world.ClientStates[c] = new Client
            {
                Phase = Phase.Open,
                Node = (byte)(c % bounds.Nodes),
                View = world.NodeStates[0].Held,
                Cursor = new ModelCursor(1, 3),
                Promised = new ModelCursor(1, 3),
                Sent = new ModelCursor(1, 3),
            };
        }

        if (bounds.SecondClientIsNew)
        {
            world.ClientStates[1] = default;
            world.NodeStates[1].Held = default;
        }

        return world;
    }

    /// <summary>What the world comes to once nothing more goes wrong, although everything on its way is lost.</summary>
    public World Settle(World world, int reconnectTo)
    {
        world.NodeStates[0].InFlight = world.NodeStates[1].InFlight = 0;
        for (var c = 0; c < bounds.Clients; c++)
        {
            world = world.ClientStates[c].Phase is Phase.Off ? Call(world, c, reconnectTo) : world;
            world = world.ClientStates[c].Phase is Phase.Called ? Answer(world, c) : world;
            world = world.ClientStates[c].Phase is Phase.Answered ? Receive(world, c) : world;
        }

        world = Level(world);
        for (var s = 0; s < World.Subjects; s++)
        {
            if (!world.Partitions[PartitionOf(s)].Live.Entries[s].IsKnown)
            {
                Apply(ref world, s, Refilled);
            }
        }

        world = Level(world);
        for (var c = 0; c < World.Clients; c++)
        {
            world = Flush(world, c);
        }

        return world;
    }

    public int PartitionOf(int subject) => bounds.Partitions == 1 ? 0 : subject;

    private World Level(World world)
    {
        // A node that knows of a later epoch than the store begins a new one, which the other has to list again.
        for (var check = 0; check < bounds.Nodes * 2; check++)
        {
            var node = check % bounds.Nodes;
            world = NeedsListing(world, node) ? Relist(world, node) : world;
        }

        return world;
    }
}
