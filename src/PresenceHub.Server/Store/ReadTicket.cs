namespace PresenceHub.Server.Store;

/// <summary>The place of a subject in a read. It has no read if the caller did not have to ask for the
/// subject.</summary>
internal readonly record struct ReadTicket(PendingRead? Read, int Index);
