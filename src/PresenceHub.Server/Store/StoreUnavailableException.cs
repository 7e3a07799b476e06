namespace PresenceHub.Server.Store;

/// <summary>The store does not answer, and this node does not hold the entries.</summary>
internal sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException(Exception cause)
        : base("The presence store cannot be reached", cause) { }

    public StoreUnavailableException(string message)
        : base(message) { }
}
