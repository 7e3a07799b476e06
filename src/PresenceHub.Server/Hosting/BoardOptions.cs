namespace PresenceHub.Server.Hosting;

/// <summary>
/// The sign-in of the board's users. Without these settings the board asks for an access token. The values are public:
/// <c>/config.json</c> gives them to anyone who opens the page.
/// </summary>
internal sealed class BoardOptions
{
    public const string SectionName = "Board";

    /// <summary>
    /// The application (client) id of the board in Entra, a GUID: an application of the platform "single-page
    /// application". It may be that of the hub.
    /// </summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// The scope of the hub that the board asks for, such as api://presence-hub/access. It is needed with
    /// <c>Board:ClientId</c>.
    /// </summary>
    public string? Scope { get; set; }

    /// <summary>Where the board's users sign in, such as https://login.microsoftonline.com/{tenant}.</summary>
    /// <remarks>Default: <c>Authentication:Authority</c>. Outside Development it must be https.</remarks>
    public string? Authority { get; set; }
}
