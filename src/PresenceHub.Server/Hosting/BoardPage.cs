using Microsoft.Extensions.FileProviders;

namespace PresenceHub.Server.Hosting;

/// <summary>The page at <c>/</c>. It is built with Node.js next to the server; without it, the page says so.</summary>
internal static class BoardPage
{
    private const string Missing = """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>PresenceHub</title>
        <h1>PresenceHub is running</h1>
        <p>The live board is not part of this build: it needs Node.js 20 or later. Install it and build the server again.</p>
        <p>Everything else works: the hub at <code>/hubs/presence</code>, reads at <code>/api/presence</code>, <a href="health/ready">health</a>, <a href="metrics">metrics</a>.</p>
        """;

    public static void UseBoardPage(this WebApplication app)
    {
        var root = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (!File.Exists(Path.Combine(root, "index.html")))
        {
            app.MapGet("/", () => TypedResults.Content(Missing, "text/html"));
            return;
        }

        app.UseFileServer(
            new FileServerOptions
            {
                FileProvider = new PhysicalFileProvider(root),
                StaticFileOptions =
                {
                    OnPrepareResponse = context =>
                    {
                        var headers = context.Context.Response.Headers;
                        headers.ContentSecurityPolicy =
                            "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
                        headers.XContentTypeOptions = "nosniff";
                        headers["Referrer-Policy"] = "no-referrer";
                        headers.CacheControl = context.Context.Request.Path.StartsWithSegments("/assets")
                            ? "public, max-age=31536000, immutable"
                            : "no-cache";
                    },
                },
            }
        );
    }
}
