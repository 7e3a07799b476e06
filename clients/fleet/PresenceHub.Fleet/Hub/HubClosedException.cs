namespace PresenceHub.Fleet.Hub;

/// <summary>The hub closed the connection and named a reason.</summary>
internal sealed class HubClosedException(string error) : IOException($"The hub closed the connection: {error}")
{
    /// <summary>The stable code of the contract in the reason.</summary>
    public string Code { get; } = CallResult.CodeOf(error);
}
