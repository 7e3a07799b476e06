namespace PresenceHub.GraphEmulator.Presences;

/// <summary>What is kept for each person: the presence that Graph shows, and its version.</summary>
internal struct PersonPresence
{
    public long Sequence;
    public ushort State;
    public bool Pinned;
    public bool Deleted;
}
