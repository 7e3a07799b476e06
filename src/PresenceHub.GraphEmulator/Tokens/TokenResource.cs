namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>The APIs that tokens are issued for.</summary>
internal enum TokenResource
{
    Graph,
    Hub,
}
