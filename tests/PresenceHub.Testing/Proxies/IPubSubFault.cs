namespace PresenceHub.Testing.Proxies;

/// <summary>What of a Redis server's replies does not come through a proxy.</summary>
internal interface IPubSubFault
{
    /// <summary>The replies on one more link.</summary>
    PubSubStream NewStream();
}
