namespace PresenceHub.Fleet.Hub;

/// <summary>The peer does not speak the SignalR hub protocol or the presence protocol as this tool knows them.</summary>
internal sealed class HubProtocolException(string message, Exception? cause = null) : IOException(message, cause);
