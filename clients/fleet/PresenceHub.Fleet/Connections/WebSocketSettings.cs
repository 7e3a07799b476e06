using System.Net;

namespace PresenceHub.Fleet.Connections;

/// <summary>The settings of one connection.</summary>
internal sealed record WebSocketSettings
{
    /// <summary>Sent as <c>Authorization: Bearer</c>; null sends none.</summary>
    public string? AccessToken { get; init; }

    /// <summary>The source address; null leaves it to the system. Each one has about 28,000 ports.</summary>
    public IPAddress? LocalAddress { get; init; }

    /// <summary>
    /// The kernel's receive buffer in bytes; null leaves it to the system. A slow reader needs a small one, so that the
    /// server notices it.
    /// </summary>
    public int? ReceiveBufferBytes { get; init; }

    /// <summary>How fast the connection reads; null reads whatever comes.</summary>
    public ReceivePace? Pace { get; init; }

    /// <summary>Accept any certificate, for servers on loopback that make their own.</summary>
    public bool TrustAnyCertificate { get; init; }
}
