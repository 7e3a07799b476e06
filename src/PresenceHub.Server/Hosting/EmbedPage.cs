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
        if (Directory.Exists(directory))
        {
            app.UseBuiltPage(directory, "/embed", _ => ContentSecurityPolicy);
        }
    }
}
