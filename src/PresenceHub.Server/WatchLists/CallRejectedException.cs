namespace PresenceHub.Server.WatchLists;

/// <summary>A call that fails as a whole. The message is written for the caller and names the field or limit.</summary>
internal sealed class CallRejectedException(string code, string message) : Exception(message)
{
    /// <summary>One of <see cref="Contracts.ErrorCode"/>.</summary>
    public string Code { get; } = code;
}
