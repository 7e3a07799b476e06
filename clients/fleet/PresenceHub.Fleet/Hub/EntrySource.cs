namespace PresenceHub.Fleet.Hub;

/// <summary>Whether an entry was pushed as a change or is part of an answer.</summary>
internal enum EntrySource : byte
{
    Push,
    Answer,
}
