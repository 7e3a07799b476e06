using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.AspNetCore.SignalR;
using PresenceHub.Server.Control;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs.WebSockets;

/// <summary>
/// Serves the hub on WebSockets without SignalR's transport: SignalR's hub handler runs on any connection, and the one
/// here writes to the socket. SignalR still serves negotiation, Server-Sent Events and long polling.
/// </summary>
internal sealed class WebSocketHub<THub>(
    HubConnectionHandler<THub> handler,
    WebSocketConnections connections,
    WatcherQuotas quotas,
    TimeProvider time
)
    where THub : Hub
{
    /// <summary>The claims that the hub reads. Other claims would stay in memory as long as the connection.</summary>
    private static readonly string[] KeptClaims = ["tid", "oid", "sub"];

    private static readonly ClaimsPrincipal NoUser = new();

    /// <summary>The connection lives as long as the request.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        context.Features.Get<IHttpActivityFeature>()?.Activity.AddTag("http.long_running", "true");
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var connection = new WebSocketConnection(socket, KeptOf(context.User), TokenLifetime.EndOf(context), time);
        await ReleaseRequestAsync(context);
        connections.Add(connection);
        try
        {
            var receiving = connection.ReceiveAsync();
            try
            {
                await handler.OnConnectedAsync(connection);
            }
            finally
            {
                await connection.CloseAsync(receiving);
            }
        }
        finally
        {
            connections.Remove(connection);
        }
    }

    private ClaimsPrincipal KeptOf(ClaimsPrincipal user) =>
        new(
            new ClaimsIdentity(
                user.Claims.Where(IsKept).Select(claim => new Claim(claim.Type, claim.Value)),
                user.Identity?.AuthenticationType
            )
        );

    private bool IsKept(Claim claim) =>
        KeptClaims.Contains(claim.Type) || (claim.Type is WatcherClaims.RoleClaim && quotas.IsSetFor(claim.Value));

    /// <summary>
    /// Clears the request. Its headers, claims and several copies of the token take 10 KB and more, and are not read
    /// after the upgrade. The services of the request hold them too: the authentication handler keeps its result.
    /// </summary>
    private static async ValueTask ReleaseRequestAsync(HttpContext context)
    {
        context.Features.Set<IAuthenticateResultFeature>(null);
        context.Features.Set<IHttpAuthenticationFeature>(null);
        context.User = NoUser;

        // The headers are removed one by one. Kestrel keeps the strings of headers that are cleared together for the
        // next request.
        foreach (var header in context.Request.Headers.Keys.ToArray())
        {
            context.Request.Headers.Remove(header);
        }

        context.Request.Query = QueryCollection.Empty;
        if (context.Features.Get<IHttpRequestFeature>() is { } request)
        {
            request.RawTarget = string.Empty;
        }

        if (context.Features.Get<IServiceProvidersFeature>() is IAsyncDisposable services)
        {
            await services.DisposeAsync();
        }
    }
}
