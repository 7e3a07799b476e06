namespace PresenceHub.Fleet.Members;

/// <summary>The hub answered a call with an error that is not to be repeated.</summary>
internal sealed class HubCallException(string code, string error) : IOException(error)
{
    public string Code { get; } = code;
}
