namespace PresenceHub.Server.Ingest.Graph;

/// <summary>What a request to Graph does, told by method and path. A name never carries an id.</summary>
internal static class GraphOperation
{
    public const string ReadPresences = "presences.read";
    public const string CreateSubscription = "subscriptions.create";

    public static string Of(HttpRequestMessage request)
    {
        var path = request.RequestUri?.AbsolutePath ?? string.Empty;
        if (path.EndsWith("/getPresencesByUserId", StringComparison.OrdinalIgnoreCase))
        {
            return ReadPresences;
        }

        if (path.EndsWith("/users", StringComparison.OrdinalIgnoreCase))
        {
            return "people.read";
        }

        if (path.Contains("/photos/", StringComparison.OrdinalIgnoreCase))
        {
            return "photos.read";
        }

        if (!path.Contains("/subscriptions", StringComparison.OrdinalIgnoreCase))
        {
            return "other";
        }

        return request.Method.Method switch
        {
            "POST" => CreateSubscription,
            "PATCH" => "subscriptions.renew",
            "DELETE" => "subscriptions.delete",
            _ => "subscriptions.list",
        };
    }

    /// <summary>Whether sending it a second time changes nothing. Creating is never repeated blindly: the answer may be
    /// all that was lost.</summary>
    public static bool IsRead(HttpRequestMessage request) =>
        request.Method == HttpMethod.Get || Of(request) is ReadPresences;
}
