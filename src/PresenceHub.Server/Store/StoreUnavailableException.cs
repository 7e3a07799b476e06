namespace PresenceHub.Server.Store;

/// <summary>The store cannot be asked at present, and this node holds no earlier answer either.</summary>
internal sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException(Exception cause)
        : base("The presence store cannot be reached", cause) { }

    public StoreUnavailableException(string message)
        : base(message) { }
}
