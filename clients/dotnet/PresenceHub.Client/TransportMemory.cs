using Microsoft.AspNetCore.Http.Connections;

namespace PresenceHub.Client;

/// <summary>
/// The transport that the last connection had to fall back to, so that a reconnect does not wait for the others to
/// fail.
/// </summary>
internal sealed class TransportMemory(TimeProvider time)
{
    // The network may have changed by then, for instance from a company's to a home's.
    private static readonly TimeSpan FallbackLifetime = TimeSpan.FromMinutes(10);

    private HttpTransportType? _fallback;
    private long _since;

    /// <summary>Null: WebSockets first.</summary>
    public HttpTransportType? Preferred =>
        _fallback is { } fallback && time.GetElapsedTime(_since) < FallbackLifetime ? fallback : null;

    /// <summary>Records an opened connection. One over WebSockets proves that they pass.</summary>
    public void Opened(HttpTransportType transport)
    {
        if (transport is HttpTransportType.WebSockets)
        {
            Forget();
        }
        else if (Preferred != transport)
        {
            (_fallback, _since) = (transport, time.GetTimestamp());
        }
    }

    public void Forget() => _fallback = null;
}
