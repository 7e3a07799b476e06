namespace PresenceHub.Fleet;

/// <summary>Something that the user of the tool can mend; the message is one sentence that says what to do.</summary>
internal sealed class FleetException(string message, Exception? cause = null) : Exception(message, cause);
