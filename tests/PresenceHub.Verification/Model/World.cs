namespace PresenceHub.Verification.Model;

/// <summary>Everything there is: one server per partition, two nodes, two clients, and what is on its way.</summary>
internal record struct World
{
    public const int Subjects = 2;
    public const int Nodes = 2;
    public const int Clients = 2;

    public Pair<Partition> Partitions;

    public Pair<Node> NodeStates;

    public Pair<Client> ClientStates;

    /// <summary>In the order of the writes; value <c>n + 3</c> is that of announcement <c>n</c>, as the first two are
    /// there from the start.</summary>
    public Pair<Announcement> Announcements;

    public byte Writes;

    public byte Faults;

    public byte Cuts;

    /// <summary>True time, which moves on with every write and every new epoch.</summary>
    public byte Now;

    public override readonly string ToString() =>
        $"""
            time {Now}
                      store     {Partitions}
                      nodes     {NodeStates}
                      clients   {ClientStates}
            """;
}
