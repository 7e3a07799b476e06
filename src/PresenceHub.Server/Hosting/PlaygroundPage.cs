using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Hosting;

/// <summary>The page at <c>/playground/</c>, which changes the simulation. It is served only while Graph is
/// simulated.</summary>
internal static class PlaygroundPage
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "playground");

    /// <summary>Whether this build has the page. It is built with Node.js.</summary>
    public static bool IsIncluded => Directory.Exists(Folder);

    public static void UsePlaygroundPage(this WebApplication app)
    {
        var graph = app.Services.GetRequiredService<IOptions<GraphOptions>>().Value;
        if (graph.Mode is GraphMode.Emulator && IsIncluded)
        {
            app.UseBuiltPage(Folder, "/playground", _ => ContentSecurityPolicy);
        }
    }
}
