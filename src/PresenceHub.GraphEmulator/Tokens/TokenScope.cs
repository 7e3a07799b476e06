namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>The scope of a token request: one resource, permissions on it, and OpenID scopes.</summary>
internal sealed record TokenScope(
    TokenResource Resource,
    IReadOnlyList<string> Names,
    bool WantsIdToken,
    bool WantsRefreshToken
)
{
    public const string GraphAudience = "https://graph.microsoft.com";
    private const string Everything = ".default";

    /// <summary>All permissions that are granted in advance, in place of single ones.</summary>
    public bool IsDefault => Names.Contains(Everything);

    /// <summary>Null when the resource is unknown, or when there are several.</summary>
    public static TokenScope? TryParse(string scope, string hubAudience)
    {
        TokenResource? resource = null;
        var (names, idToken, refreshToken) = (new List<string>(), false, false);
        foreach (var part in scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (part)
            {
                case "openid" or "profile" or "email":
                    idToken |= part == "openid";
                    continue;
                case "offline_access":
                    refreshToken = true;
                    continue;
            }

            var (partResource, name) = Split(part, hubAudience);
            if (partResource is null || (resource is { } other && other != partResource))
            {
                return null;
            }

            resource = partResource;
            names.Add(name);
        }

        // OpenID scopes alone mean Graph, as with Entra.
        return new TokenScope(
            resource ?? TokenResource.Graph,
            names.Count > 0 ? names : ["User.Read"],
            idToken,
            refreshToken
        );
    }

    private static (TokenResource? Resource, string Name) Split(string part, string hubAudience)
    {
        if (part.StartsWith(hubAudience + "/", StringComparison.OrdinalIgnoreCase))
        {
            return (TokenResource.Hub, part[(hubAudience.Length + 1)..]);
        }

        if (part.StartsWith(GraphAudience + "/", StringComparison.OrdinalIgnoreCase))
        {
            // Clients of the v1 endpoint send a double slash.
            return (TokenResource.Graph, part[(GraphAudience.Length + 1)..].TrimStart('/'));
        }

        // Clients of national clouds name the resource by the address that they call, which here is the address of the
        // emulator.
        if (Uri.TryCreate(part, UriKind.Absolute, out var address) && address is { Scheme: "https", IsLoopback: true })
        {
            return (TokenResource.Graph, address.AbsolutePath.TrimStart('/'));
        }

        return part.Contains("://", StringComparison.Ordinal) || part.Contains('/', StringComparison.Ordinal)
            ? (null, part)
            : (TokenResource.Graph, part);
    }
}
