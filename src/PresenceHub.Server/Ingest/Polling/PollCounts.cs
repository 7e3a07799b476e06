namespace PresenceHub.Server.Ingest.Polling;

/// <summary>How many subjects the schedule holds.</summary>
/// <param name="All">All of them, also those that are read once for a caller.</param>
/// <param name="Unknown">Those that Graph does not know.</param>
/// <param name="Quarantined">Those for which Graph refuses a whole page.</param>
internal readonly record struct PollCounts(int All, int Unknown, int Quarantined);
