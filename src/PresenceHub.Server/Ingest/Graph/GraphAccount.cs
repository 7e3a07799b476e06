namespace PresenceHub.Server.Ingest.Graph;

/// <summary>A delegated account. Graph allows each one presence subscription of at most 650 people.</summary>
internal sealed class GraphAccount
{
    /// <summary>Object id of the account, a GUID.</summary>
    public string UserId { get; set; } = string.Empty;

    /// <summary>
    /// Refresh token from an interactive sign-in of the account. Required in Tenant mode, not used in Emulator mode.
    /// </summary>
    public string? RefreshToken { get; set; }

    /// <summary>Name of its tokens in the cache; null for an account that is configured.</summary>
    internal string? HomeAccountId { get; init; }

    /// <summary>When an administrator connected it last: an account that is connected again is tried at once.</summary>
    internal DateTimeOffset? ConnectedAt { get; init; }

    public override string ToString() => UserId;
}
