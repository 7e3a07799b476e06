namespace PresenceHub.Benchmarks.Peers;

/// <summary>
/// Where a peer listens and whose tokens it takes. The harness that starts the process sets all of it.
/// </summary>
internal sealed class PeerOptions
{
    public const string SectionName = "Peer";

    public required string Url { get; init; }

    /// <summary>File with the issuer's key set (JWKS).</summary>
    public required string Keys { get; init; }

    public required string Issuer { get; init; }

    public required string Audience { get; init; }

    /// <summary>Address of Redis, <c>host:port</c>; empty for a peer without one.</summary>
    public string Redis { get; init; } = string.Empty;
}
