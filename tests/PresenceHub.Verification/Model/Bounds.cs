namespace PresenceHub.Verification.Model;

/// <summary>How much may happen in one exploration. All of it may happen in any order.</summary>
public sealed record Bounds
{
    /// <summary>One partition holds both subjects, or each has its own on a server of its own.</summary>
    public int Partitions { get; init; } = 1;

    public int Nodes { get; init; } = World.Nodes;

    public int Clients { get; init; } = World.Clients;

    public int Writes { get; init; } = 1;

    /// <summary>Messages dropped or repeated, servers restarted.</summary>
    public int Faults { get; init; }

    public bool MessagesFail { get; init; } = true;

    public IReadOnlyList<Restart> Restarts { get; init; } = Enum.GetValues<Restart>();

    /// <summary>Connections cut.</summary>
    public int Cuts { get; init; }

    /// <summary>Whether anything may happen between a call, the node's answer and its receipt.</summary>
    public bool CallsTakeTime { get; init; }

    /// <summary>Whether the second client has yet to connect for the first time.</summary>
    public bool SecondClientIsNew { get; init; }
}
