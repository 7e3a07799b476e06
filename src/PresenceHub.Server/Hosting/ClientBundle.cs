using System.Text.Json;
using Microsoft.Extensions.FileProviders;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// The browser bundle at <c>/client/</c>, for pages of any origin. The same files are at
/// <c>/client/&lt;version&gt;/</c>, where browsers keep them for a year: the version ends in a hash of the files. A
/// build without Node.js has none.
/// </summary>
internal static class ClientBundle
{
    private const string Path = "/client";

    public static void UseClientBundle(this WebApplication app)
    {
        var directory = System.IO.Path.Combine(AppContext.BaseDirectory, "client");
        var integrity = System.IO.Path.Combine(directory, "integrity.json");
        if (File.Exists(integrity))
        {
            app.UseFiles(directory, $"{Path}/{ReadVersion(integrity)}", "public, max-age=31536000, immutable");
            app.UseFiles(directory, Path, "public, no-cache");
        }
    }

    private static void UseFiles(this WebApplication app, string directory, string path, string cacheControl) =>
        app.UseStaticFiles(
            new StaticFileOptions
            {
                FileProvider = new PhysicalFileProvider(directory),
                RequestPath = path,
                OnPrepareResponse = context =>
                {
                    var headers = context.Context.Response.Headers;
                    headers.AccessControlAllowOrigin = "*";
                    headers["Cross-Origin-Resource-Policy"] = "cross-origin";
                    headers.XContentTypeOptions = "nosniff";
                    headers.CacheControl = cacheControl;
                },
            }
        );

    private static string ReadVersion(string integrity)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(integrity));
        return document.RootElement.GetProperty("version").GetString()!;
    }
}
