namespace PresenceHub.Client;

internal static class LogAddress
{
    /// <summary>The address for logs and errors: without user, query and fragment, which may carry keys.</summary>
    public static string ToLogText(this Uri url) =>
        url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
