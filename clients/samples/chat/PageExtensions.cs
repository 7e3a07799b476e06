using Microsoft.Extensions.Options;

namespace PresenceHub.ChatSample;

/// <summary>What the page is told, and what it may load.</summary>
internal static class PageExtensions
{
    public static void MapPageSettings(this WebApplication app) =>
        app.MapGet("/config.json", (IOptions<ChatOptions> options) =>
        {
            var chat = options.Value;
            return TypedResults.Ok(
                new
                {
                    Mode = chat.IsTenant ? "tenant" : "simulation",
                    PresenceUrl = chat.Url.ToString().TrimEnd('/'),
                    chat.ClientId,
                    chat.Authority,
                    chat.HubScope,
                    chat.ChatScope,
                }
            );
        });

    /// <summary>The page loads its own files only, and connects to itself, the presence hub and the sign-in.</summary>
    public static void UsePagePolicy(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<ChatOptions>>().Value;
        var hub = options.Url.GetLeftPart(UriPartial.Authority);
        var webSocket = new UriBuilder(hub) { Scheme = options.Url.Scheme is "https" ? "wss" : "ws" }.Uri;
        var signIn = options.IsTenant ? new Uri(options.Authority!).GetLeftPart(UriPartial.Authority) : "";
        var policy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + $"connect-src 'self' {hub} {webSocket.GetLeftPart(UriPartial.Authority)} {signIn}; frame-src {signIn} 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
        app.Use(
            (context, next) =>
            {
                context.Response.Headers.ContentSecurityPolicy = policy;
                return next(context);
            }
        );
    }
}
