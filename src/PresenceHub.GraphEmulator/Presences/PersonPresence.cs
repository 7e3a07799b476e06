namespace PresenceHub.GraphEmulator.Presences;

/// <summary>
/// The state of a person: the presence from the Teams client, the presence that Graph shows, and the version.
/// </summary>
internal struct PersonPresence
{
    public long Sequence;
    public ushort Client;
    public ushort Shown;
    public bool Pinned;
    public bool Deleted;
    public bool HasSessions;
}
