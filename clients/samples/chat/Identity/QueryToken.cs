using Microsoft.Net.Http.Headers;

namespace PresenceHub.ChatSample.Identity;

/// <summary>
/// The token of a request. Browsers cannot set headers on WebSockets, so SignalR puts it into the query.
/// </summary>
internal static class QueryToken
{
    private const string Scheme = "Bearer ";

    public static string? Read(HttpRequest request)
    {
        var header = request.Headers[HeaderNames.Authorization].ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..]
            : request.Path.StartsWithSegments(ChatHub.Path, StringComparison.Ordinal)
                ? request.Query["access_token"].FirstOrDefault()
            : null;
    }
}
