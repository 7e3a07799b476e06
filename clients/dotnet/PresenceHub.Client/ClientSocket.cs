using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Connections.Client;

namespace PresenceHub.Client;

/// <summary>
/// Opens the WebSocket of a connection as SignalR does, and keeps the answer to a refused upgrade, which SignalR's own
/// does not show.
/// </summary>
internal static class ClientSocket
{
    public static async ValueTask<WebSocket> ConnectAsync(
        WebSocketConnectionContext context,
        ConnectRefusal refusal,
        CancellationToken cancellationToken
    )
    {
        var socket = new ClientWebSocket();
        try
        {
            await ApplyAsync(context.Options, socket.Options).ConfigureAwait(false);
            await socket.ConnectAsync(context.Uri, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch (WebSocketException)
        {
            refusal.Read(socket.HttpStatusCode, socket.HttpResponseHeaders);
            socket.Dispose();
            throw;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task ApplyAsync(HttpConnectionOptions connection, ClientWebSocketOptions socket)
    {
        socket.CollectHttpResponseDetails = true;

        // Makes a server answer 401 where it would redirect a browser to a sign-in page.
        socket.SetRequestHeader("X-Requested-With", "XMLHttpRequest");
        foreach (var (name, value) in connection.Headers)
        {
            socket.SetRequestHeader(name, value);
        }

        socket.Cookies = connection.Cookies;
        socket.ClientCertificates.AddRange(connection.ClientCertificates ?? []);
        socket.Credentials = connection.Credentials ?? socket.Credentials;
        socket.Proxy = connection.Proxy ?? socket.Proxy;
        socket.UseDefaultCredentials = connection.UseDefaultCredentials ?? socket.UseDefaultCredentials;
        connection.WebSocketConfiguration?.Invoke(socket);
        if (
            connection.AccessTokenProvider is { } accessToken
            && await accessToken().ConfigureAwait(false) is { Length: > 0 } token
        )
        {
            socket.SetRequestHeader("Authorization", $"Bearer {token}");
        }
    }
}
