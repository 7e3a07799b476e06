namespace PresenceHub.Verification.Model;

/// <summary>A partition on its server.</summary>
internal record struct Partition
{
    public StoreData Live;

    /// <summary>What a promoted replica would hold: the last change of the data is not there yet.</summary>
    public StoreData Replica;

    /// <summary>No script has run since the server became another one.</summary>
    public bool IsUnfenced;

    /// <summary>The server's clock is behind all that was ever handed out.</summary>
    public bool IsClockBehind;

    /// <summary>One bit per epoch that there ever was.</summary>
    public uint UsedEpochs;

    public override readonly string ToString() =>
        $"{Live}; replica {Replica}{(IsUnfenced ? "; not fenced" : "")}{(IsClockBehind ? "; clock behind" : "")}";
}
