namespace PresenceHub.Fleet;

/// <summary>A problem that the user of the tool can solve; the message is one sentence with the remedy.</summary>
internal sealed class FleetException(string message, Exception? cause = null) : Exception(message, cause);
