namespace PresenceHub.Fleet.Checking;

/// <summary>What the store holds of a subject, as a node shows it over REST.</summary>
internal readonly record struct StoreEntry(EntryOrder Order, ulong State);
