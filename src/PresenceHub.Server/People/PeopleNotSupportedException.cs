namespace PresenceHub.Server.People;

/// <summary>The hub may not read people. The message says what to do, for the operator.</summary>
internal sealed class PeopleNotSupportedException(string message) : Exception(message);
