namespace PresenceHub.Server.Ingest;

/// <summary>A failure whose message may be logged: it names no person, and holds nothing that Graph has
/// written.</summary>
internal abstract class ReportableException(string message) : Exception(message);
