namespace PresenceHub.Server.Store;

/// <summary>Where a caller finds the subject that it asked for; nothing for a subject that it did not have to ask
/// for.</summary>
internal readonly record struct ReadTicket(PendingRead? Read, int Index);
