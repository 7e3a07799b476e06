using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace PresenceHub.Client;

/// <summary>How a <see cref="PresenceClient"/> reaches its hub. Checked by the client's constructor.</summary>
public sealed class PresenceClientOptions
{
    /// <summary>The hub's absolute address, usually ending in <c>/hubs/presence</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>
    /// Gives the bearer token for every connection attempt; null or a null token sends none. A failure counts as a
    /// failed attempt. <see cref="TokenRequest.Refresh"/> is true when the hub refused the last token: bypass the
    /// cache.
    /// </summary>
    public Func<TokenRequest, Task<string?>>? AccessTokenFactory { get; init; }

    /// <summary>
    /// Null, the default: a WebSocket without negotiation, which saves a round trip and needs no sticky sessions; when
    /// it fails, the negotiated transports in the order WebSockets, Server-Sent Events, long polling. True: nothing but
    /// that WebSocket. False: negotiated transports only, for instance where a gateway redirects at negotiation.
    /// </summary>
    public bool? SkipNegotiation { get; init; }

    /// <summary>Whether to speak MessagePack instead of JSON. Default false.</summary>
    public bool UseMessagePack { get; init; }

    /// <summary>Upper bound of the wait before the first reconnect; it doubles with each failure. 1 ms to
    /// <see cref="ReconnectCap"/>, default 1 s.</summary>
    public TimeSpan ReconnectBase { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Upper bound of every wait between attempts. <see cref="ReconnectBase"/> to 1 h, default 30 s.</summary>
    public TimeSpan ReconnectCap { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after a loss live entries that were not confirmed again turn stale. 0 to 1 h, default 10
    /// s.</summary>
    public TimeSpan StaleAfterDisconnect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Longest time a connection attempt or one call may take; after it the connection counts as lost. A transport that
    /// takes a third of it to open is given up for the next. 1 ms to 1 h, default 30 s.
    /// </summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest silence of the hub, pings included, before the connection counts as lost. At least twice the
    /// hub's keep-alive; 1 ms to 1 h, default 30 s.</summary>
    public TimeSpan ServerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Most ids in one call to the hub; more take several calls. A hub with a lower limit names it in its first
    /// refusal, and the client keeps to that. 1 to 100,000, default 1,000, which is the hub's default too.
    /// </summary>
    public int MaxIdsPerCall { get; init; } = 1_000;

    /// <summary>The clock of waits and deadlines.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Each connection's HTTP options: message handler, proxy, headers. <see cref="HttpConnectionOptions.Transports"/>
    /// narrows the choice of transports, and <see cref="HttpConnectionOptions.SkipNegotiation"/> is
    /// <see cref="SkipNegotiation"/> where that is null. Called for every transport that is tried.
    /// </summary>
    public Action<HttpConnectionOptions>? ConfigureConnection { get; init; }

    /// <summary>Where the client and the connection below it log. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    internal void Validate()
    {
        if (!Url.IsAbsoluteUri)
        {
            throw new ArgumentException($"{nameof(Url)} must be absolute.", nameof(Url));
        }

        var shortest = TimeSpan.FromMilliseconds(1);
        var longest = TimeSpan.FromHours(1);
        ThrowIfOutside(ReconnectCap, shortest, longest, nameof(ReconnectCap));
        ThrowIfOutside(ReconnectBase, shortest, ReconnectCap, nameof(ReconnectBase));
        ThrowIfOutside(StaleAfterDisconnect, TimeSpan.Zero, longest, nameof(StaleAfterDisconnect));
        ThrowIfOutside(CallTimeout, shortest, longest, nameof(CallTimeout));
        ThrowIfOutside(ServerTimeout, shortest, longest, nameof(ServerTimeout));
        ThrowIfOutside(MaxIdsPerCall, 1, 100_000, nameof(MaxIdsPerCall));
    }

    private static void ThrowIfOutside<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
    }
}
