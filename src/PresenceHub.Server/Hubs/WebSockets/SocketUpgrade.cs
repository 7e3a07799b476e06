using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace PresenceHub.Server.Hubs.WebSockets;

/// <summary>Gives an upgraded connection a <see cref="SocketWriteStream"/> if the bytes of its stream are those on the
/// wire.</summary>
internal sealed class SocketUpgrade(IHttpUpgradeFeature kestrel, Socket socket) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => kestrel.IsUpgradableRequest;

    /// <summary>A connection with TLS, or without a socket, keeps Kestrel's stream.</summary>
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
