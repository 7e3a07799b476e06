using Microsoft.Extensions.FileProviders;

namespace PresenceHub.Server.Hosting;

/// <summary>Pages that Node.js builds next to the server, each into a folder of its own.</summary>
internal static class BuiltPage
{
    /// <param name="app">The server.</param>
    /// <param name="folder">Has the files of the page.</param>
    /// <param name="path">Where the page is; empty for the root.</param>
    /// <param name="policy">The content security policy of a file.</param>
    public static void UseBuiltPage(this WebApplication app, string folder, string path, Func<string, string> policy) =>
        app.UseFileServer(
            new FileServerOptions
            {
                FileProvider = new PhysicalFileProvider(folder),
                RequestPath = path,
                StaticFileOptions =
                {
                    OnPrepareResponse = context =>
                    {
                        var headers = context.Context.Response.Headers;
                        headers.ContentSecurityPolicy = policy(context.File.Name);
                        headers.XContentTypeOptions = "nosniff";
                        headers["Referrer-Policy"] = "no-referrer";

                        // The names of assets end in a hash of their contents.
                        headers.CacheControl = context.Context.Request.Path.StartsWithSegments($"{path}/assets")
                            ? "public, max-age=31536000, immutable"
                            : "no-cache";
                    },
                },
            }
        );
}
