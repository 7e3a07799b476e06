using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Client;

namespace PresenceHub.Client;

/// <summary>
/// The order of transports in one attempt to connect: a WebSocket without negotiation, then the negotiated transports,
/// each at most once. A remembered fallback comes first.
/// </summary>
internal sealed class TransportChoice(PresenceClientOptions options, HttpTransportType? preferred)
{
    private static readonly HttpTransportType[] InOrder =
    [
        HttpTransportType.WebSockets,
        HttpTransportType.ServerSentEvents,
        HttpTransportType.LongPolling,
    ];

    // Every transport before the remembered one.
    private HttpTransportType _failed = preferred is { } first
        ? InOrder.TakeWhile(next => next != first).Aggregate(HttpTransportType.None, (failed, next) => failed | next)
        : HttpTransportType.None;

    private bool _mayBeDirect = preferred is null && options.SkipNegotiation is null;
    private HttpTransportType _usable;

    /// <summary>What the present connection uses.</summary>
    public HttpTransportType Current { get; private set; }

    /// <summary>Whether the present connection opens without negotiation.</summary>
    public bool IsDirect { get; private set; }

    /// <summary>Whether the direct WebSocket has no fallback.</summary>
    public bool NeverNegotiates { get; private set; }

    /// <summary>Whether a transport is left to try.</summary>
    public bool HasMore => !NeverNegotiates && (_usable & ~_failed) is not HttpTransportType.None;

    /// <summary>Leaves the next transport of those that the application allows.</summary>
    public void Narrow(HttpConnectionOptions connection)
    {
        // Server-Sent Events carry text only.
        var binary = HttpTransportType.WebSockets | HttpTransportType.LongPolling;
        _usable = options.UseMessagePack ? connection.Transports & binary : connection.Transports;
        NeverNegotiates = options.SkipNegotiation ?? connection.SkipNegotiation;
        IsDirect = NeverNegotiates || (_mayBeDirect && _usable.HasFlag(HttpTransportType.WebSockets));
        Current = IsDirect
            ? HttpTransportType.WebSockets
            : InOrder.FirstOrDefault(transport => (_usable & ~_failed).HasFlag(transport));
        connection.SkipNegotiation = IsDirect;
        connection.Transports = Current;
    }

    /// <summary>Goes on to the next transport.</summary>
    /// <param name="isTimeout">Nothing answered: a WebSocket that hangs would hang after negotiation too.</param>
    public void Failed(bool isTimeout)
    {
        if (!IsDirect || isTimeout)
        {
            _failed |= Current;
        }

        _mayBeDirect = false;
    }
}
