namespace PresenceHub.GraphEmulator.Presences;

/// <summary>All that is kept for every person: what the Teams client says, what Graph shows, and the version.</summary>
internal struct PersonPresence
{
    public long Sequence;
    public ushort Client;
    public ushort Shown;
    public bool Pinned;
    public bool Deleted;
    public bool HasSessions;
}
