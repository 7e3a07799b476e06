namespace PresenceHub.Verification.Model;

/// <summary>What happens in the store and on the way from it.</summary>
internal sealed partial class Protocol
{
    /// <summary>With two partitions, the clock of the second one's server is this far ahead.</summary>
    private const byte Ahead = 10;

    private const int Leader = 0;

    public World Write(World world, int subject)
    {
        var entry = Apply(ref world, subject, (byte)(World.Subjects + 1 + world.Writes));
        var live = world.Partitions[PartitionOf(subject)].Live;
        world.Announcements[world.Writes] = new Announcement((byte)subject, live.Epoch, live.Offset, live.Clock, entry);
        var bit = (byte)(1 << world.Writes);
        world.NodeStates[0].InFlight |= bit;
        world.NodeStates[1].InFlight |= bit;
        world.Writes++;
        return world;
    }

    public static bool IsInFlight(World world, int node, int announcement) =>
        (world.NodeStates[node].InFlight & (1 << announcement)) != 0;

    public static World Drop(World world, int node, int announcement)
    {
        world.NodeStates[node].InFlight &= (byte)~(1 << announcement);
        return world;
    }

    /// <summary>The server of a partition is another one: it holds what was replicated, or all of it, or
    /// nothing.</summary>
    public static World Restart(World world, int p, Restart restart)
    {
        ref var partition = ref world.Partitions[p];
        partition.IsUnfenced = true;
        partition.IsClockBehind |= restart is Model.Restart.WritesLostClockBehind or Model.Restart.DataLostClockBehind;
        partition.Live = restart is Model.Restart.WritesLost or Model.Restart.WritesLostClockBehind
            ? partition.Replica
            : default;
        partition.Replica = partition.Live;
        return world;
    }

    /// <summary>The script that writes, run by the node that reads Graph.</summary>
    private Entry Apply(ref World world, int subject, byte value)
    {
        world.Now++;
        var p = PartitionOf(subject);
        ref var mirror = ref world.NodeStates[Leader].Mirrors[p];
        Fence(ref world, p, ref mirror);
        ref var partition = ref world.Partitions[p];
        partition.Replica = partition.Live;
        ref var live = ref partition.Live;
        live.Clock =
            defect is Defect.CounterInsteadOfTime
                ? (byte)(live.Clock + 1)
                : Max(ServerTime(world, p), (byte)(live.Clock + 1), (byte)(mirror.SeenClock + 1));
        live.Offset++;
        live.Entries[subject] = new Entry(0, live.Clock, value, false);
        (mirror.SeenEpoch, mirror.SeenClock) = (live.Epoch, live.Clock);
        return live.Entries[subject] with { Epoch = live.Epoch };
    }

    private static byte Max(byte a, byte b, byte c) => Math.Max(a, Math.Max(b, c));

    private static byte ServerTime(World world, int p) =>
        world.Partitions[p].IsClockBehind ? (byte)0 : (byte)(world.Now + (p * Ahead));

    /// <summary>How every script begins.</summary>
    private void Fence(ref World world, int p, ref Mirror caller)
    {
        ref var partition = ref world.Partitions[p];
        ref var live = ref partition.Live;
        if (!IsFenceDue(partition, caller))
        {
            return;
        }

        partition.IsUnfenced = false;
        if (defect is Defect.NoEpoch)
        {
            live.Epoch = 1;
            return;
        }

        world.Now++;
        partition.Replica = live;
        live.Epoch++;
        if (defect is not Defect.CounterInsteadOfTime)
        {
            live.Epoch = Math.Max(
                live.Epoch,
                Max(ServerTime(world, p), (byte)(live.Clock + 1), (byte)(caller.SeenClock + 1))
            );

            // Microseconds do not meet by chance as these few numbers would.
            while ((partition.UsedEpochs & (1u << live.Epoch)) != 0)
            {
                live.Epoch++;
            }
        }

        partition.UsedEpochs |= 1u << live.Epoch;
        live.Clock = Math.Max(live.Clock, live.Epoch);
        live.Offset = 0;
    }

    /// <summary>The script that reads. It keeps the time it answers with, so that every later revision is later than
    /// that.</summary>
    private void Read(ref World world, int p, ref Mirror caller)
    {
        Fence(ref world, p, ref caller);
        ref var live = ref world.Partitions[p].Live;
        if (defect is not Defect.CounterInsteadOfTime)
        {
            live.Clock = Max(live.Clock, ServerTime(world, p), caller.SeenClock);
        }

        (caller.SeenEpoch, caller.SeenClock) = (live.Epoch, live.Clock);
    }

    private bool IsFenceDue(Partition partition, Mirror caller) =>
        partition.IsUnfenced || (defect is not Defect.EpochMayGoBack && partition.Live.Epoch < caller.SeenEpoch);

    private static Entry StoredEntry(World world, int p, int subject)
    {
        ref var live = ref world.Partitions[p].Live;
        return live.Entries[subject] with { Epoch = live.Epoch };
    }
}
