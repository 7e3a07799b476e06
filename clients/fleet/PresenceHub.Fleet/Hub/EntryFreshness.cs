namespace PresenceHub.Fleet.Hub;

/// <summary>How far an entry can be relied upon; a value that is not known counts as stale.</summary>
internal enum EntryFreshness : byte
{
    Stale,
    Live,
    Unknown,
}
