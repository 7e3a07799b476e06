using System.Globalization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using PresenceHub.Contracts;
using PresenceHub.Server.Hubs.WebSockets;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// Tells a client that its connection ends because its token has expired. The transports only request the connection to
/// close, as they do when the server stops, and the close message that follows has no reason.
/// </summary>
internal static class TokenExpiry
{
    public const string Detail = "The token has expired";

    /// <summary>Has the form of the close message of a refused connection, so that clients read both in the same
    /// way.</summary>
    private static readonly CloseMessage Expired = new(
        $"Connection closed with an error. HubException: {ErrorCode.TokenExpired}: {Detail}",
        allowReconnect: true
    );

    public static void AnnounceOn(HubConnectionContext connection, TimeProvider time)
    {
        if (connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime)
        {
            // Callbacks run in the reverse order of their registration, so this message comes before SignalR's own,
            // which it registered when it created the connection.
            lifetime.ConnectionClosedRequested.UnsafeRegister(
                static state => ((Announcement)state!).Send(),
                new Announcement(connection, time)
            );
        }
    }

    private static bool IsExpired(HubConnectionContext connection, DateTimeOffset now) =>
        connection.Features.Get<IConnectionHeartbeatFeature>() is WebSocketConnection direct
            ? direct.ExpiresAt <= now
            : long.TryParse(connection.User.FindFirst("exp")?.Value, CultureInfo.InvariantCulture, out var seconds)
                && seconds <= now.ToUnixTimeSeconds();

    private sealed class Announcement(HubConnectionContext connection, TimeProvider time)
    {
        public void Send()
        {
            if (IsExpired(connection, time.GetUtcNow()))
            {
                // The write is not awaited: SignalR aborts a connection that cannot be written to, and messages keep
                // their order.
                _ = connection.WriteAsync(Expired).AsTask();
            }
        }
    }
}
