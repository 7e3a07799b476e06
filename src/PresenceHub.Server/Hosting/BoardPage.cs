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

    /// <summary>Where the authority sends the browser back to: in a window, or in a hidden frame of the
    /// board.</summary>
    private const string RedirectPage = "redirect.html";

    /// <param name="signIn">The origin of the authority that the board's users sign in to; null for none.</param>
    /// <param name="isFramed">Whether the board itself may frame the page.</param>
    public static string Policy(string? signIn, bool isFramed) =>
        "default-src 'self'; "
        + (signIn is null ? "" : $"connect-src 'self' {signIn}; frame-src 'self' {signIn}; ")
        + $"frame-ancestors {(isFramed ? "'self'" : "'none'")}; base-uri 'none'; form-action 'self'";

    public static void UseBoardPage(this WebApplication app)
    {
        var root = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (!File.Exists(Path.Combine(root, "index.html")))
        {
            app.MapGet("/", () => TypedResults.Content(Missing, "text/html"));
            return;
        }

        var signIn = BoardSignIn.From(app.Services)?.Origin();
        app.UseBuiltPage(root, string.Empty, file => Policy(signIn, isFramed: file is RedirectPage));
    }
}
