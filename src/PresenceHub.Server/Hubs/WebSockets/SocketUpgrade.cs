using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace PresenceHub.Server.Hubs.WebSockets;

/// <summary>Gives an upgraded connection a <see cref="SocketWriteStream"/> where its bytes on the wire are those of the
/// stream.</summary>
internal sealed class SocketUpgrade(IHttpUpgradeFeature kestrel, Socket socket) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => kestrel.IsUpgradableRequest;

    /// <summary>Leaves a connection with TLS, or of another transport than sockets, on Kestrel's stream.</summary>
    public static void ApplyTo(HttpContext context)
    {
        var features = context.Features;
        if (
            features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } kestrel
            && features.Get<IConnectionSocketFeature>()?.Socket is { ProtocolType: ProtocolType.Tcp } socket
            && features.Get<ITlsHandshakeFeature>() is null
        )
        {
            features.Set<IHttpUpgradeFeature>(new SocketUpgrade(kestrel, socket));
        }
    }

    public async Task<Stream> UpgradeAsync() => new SocketWriteStream(await kestrel.UpgradeAsync(), socket);
}
