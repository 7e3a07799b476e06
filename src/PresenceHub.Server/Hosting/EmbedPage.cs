using Microsoft.Extensions.FileProviders;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// The page at <c>/embed/</c> shows how a page embeds presence: with live badges while Graph is simulated, else as
/// documentation. It runs under the policy that it recommends.
/// </summary>
internal static class EmbedPage
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UseEmbedPage(this WebApplication app)
    {
        var directory = Path.Combine(AppContext.BaseDirectory, "embed");
        if (!Directory.Exists(directory))
        {
            return;
        }

        app.UseFileServer(
            new FileServerOptions
            {
                FileProvider = new PhysicalFileProvider(directory),
                RequestPath = "/embed",
                StaticFileOptions =
                {
                    OnPrepareResponse = context =>
                    {
                        var headers = context.Context.Response.Headers;
                        headers.ContentSecurityPolicy = ContentSecurityPolicy;
                        headers.XContentTypeOptions = "nosniff";
                        headers["Referrer-Policy"] = "no-referrer";
                        headers.CacheControl = "no-cache";
                    },
                },
            }
        );
    }
}
