using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.AspNetCore.SignalR;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs.WebSockets;

/// <summary>
/// Serves the hub on WebSockets without SignalR's transport: its hub handler runs on any connection, and ours writes to
/// the socket. Server-Sent Events and long polling stay with SignalR, and so does negotiation.
/// </summary>
internal sealed class WebSocketHub<THub>(
    HubConnectionHandler<THub> handler,
    WebSocketConnections connections,
    WatcherQuotas quotas,
    TimeProvider time
)
    where THub : Hub
{
    /// <summary>What the hub reads of a token. The rest of it would stay in memory as long as the connection.</summary>
    private static readonly string[] KeptClaims = ["tid", "oid", "sub"];

    private static readonly ClaimsPrincipal NoUser = new();

    /// <summary>The connection lives as long as the request.</summary>
    public async Task ServeAsync(HttpContext context)
    {
        context.Features.Get<IHttpActivityFeature>()?.Activity.AddTag("http.long_running", "true");
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var connection = new WebSocketConnection(socket, KeptOf(context.User), ExpiryOf(context), time);
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

    private static DateTimeOffset ExpiryOf(HttpContext context) =>
        context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc
        ?? DateTimeOffset.MaxValue;

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
    /// Headers, claims and the token, several times over, are 10 KB and more; nothing reads them after the upgrade. The
    /// services of the request hold them too: the authentication handler keeps its result.
    /// </summary>
    private static async ValueTask ReleaseRequestAsync(HttpContext context)
    {
        context.Features.Set<IAuthenticateResultFeature>(null);
        context.Features.Set<IHttpAuthenticationFeature>(null);
        context.User = NoUser;

        // One by one: cleared together they would stay with the connection, for the next request to share their
        // strings.
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
