namespace PresenceHub.Server.Store;

/// <summary>The store cannot be reached and this node holds no earlier answer either.</summary>
internal sealed class StoreUnavailableException(Exception cause) : Exception("The presence store cannot be reached", cause);
