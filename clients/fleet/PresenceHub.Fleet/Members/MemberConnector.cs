using PresenceHub.Fleet.Connections;
using PresenceHub.Fleet.Hub;

namespace PresenceHub.Fleet.Members;

/// <summary>Opens the connections of one light member, at the hubs in turn.</summary>
internal sealed class MemberConnector(
    MemberIdentity identity,
    MemberInbox inbox,
    HubProtocol protocol,
    FleetSurroundings fleet,
    int? receiveBufferBytes
)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(60);

    private int _attempt;

    /// <param name="pace">How fast the connection reads; null without a limit.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<LightHubConnection> ConnectAsync(ReceivePace? pace, CancellationToken cancellationToken)
    {
        var hub = fleet.Hubs[(identity.Number + _attempt++) % fleet.Hubs.Count];
        var tokenOwner = fleet.Identities.IdentityOf(identity.Number);
        var token = fleet.Identities.TokenOf(tokenOwner);
        var settings = new WebSocketSettings
        {
            AccessToken = token,
            LocalAddress = fleet.LocalAddresses.Of(identity.Number),
            ReceiveBufferBytes = receiveBufferBytes,
            Pace = pace,
            TrustAnyCertificate = fleet.TrustAnyCertificate,
        };
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ConnectTimeout);
        try
        {
            inbox.BeginConnection();
            return await LightHubConnection.ConnectAsync(hub, settings, protocol, inbox, fleet.Time, timeout.Token);
        }
        catch (UpgradeRefusedException exception) when (Failures.IsUnauthorized(exception))
        {
            await TokenRefusal.HandleAsync(fleet, tokenOwner, token, hub.Address, cancellationToken);
            throw;
        }
    }
}
