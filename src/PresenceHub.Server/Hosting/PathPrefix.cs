using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// The path below which a proxy publishes the hub. It becomes the <c>PathBase</c> of the request, whether the proxy
/// passes it on or removes it. Requests without it are served too: probes of the node itself, and requests from proxies
/// that remove it.
/// </summary>
internal static class PathPrefix
{
    /// <summary>First segments of the hub's own paths. A prefix with such a name would be ambiguous.</summary>
    public static readonly IReadOnlyList<string> OwnSegments =
    [
        "admin",
        "api",
        "assets",
        "client",
        "config.json",
        "dev",
        "embed",
        "graph",
        "health",
        "hubs",
        "metrics",
        "openapi",
        "playground",
        "redirect.html",
    ];

    /// <summary>Must come after the forwarded headers, one of which may name the prefix, and before routing.</summary>
    public static void UsePathPrefix(this WebApplication app)
    {
        var configured = new PathString(app.Services.GetRequiredService<IOptions<ProxyOptions>>().Value.PathBase);
        app.Use(
            (context, next) =>
            {
                var request = context.Request;
                var prefix = request.PathBase.HasValue
                    ? new PathString(request.PathBase.Value!.TrimEnd('/'))
                    : configured;
                if (!prefix.HasValue)
                {
                    return next(context);
                }

                request.PathBase = prefix;
                if (!request.Path.StartsWithSegments(prefix, out var rest))
                {
                    return next(context);
                }

                if (!rest.HasValue)
                {
                    // Relative links of the page would lead out of the prefix.
                    context.Response.Redirect(
                        $"{prefix}/{request.QueryString}",
                        permanent: false,
                        preserveMethod: true
                    );
                    return Task.CompletedTask;
                }

                request.Path = rest;
                return next(context);
            }
        );

        // WebApplication would otherwise add routing before every middleware.
        app.UseRouting();
    }
}
