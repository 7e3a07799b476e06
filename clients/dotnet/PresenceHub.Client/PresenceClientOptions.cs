using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http.Connections.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace PresenceHub.Client;

/// <summary>How a <see cref="PresenceClient"/> reaches its hub. Checked by the client's constructor, and by
/// <see cref="PresenceClientExtensions.AddPresenceClient"/> at the start of the host.</summary>
public sealed class PresenceClientOptions
{
    /// <summary>The section of the configuration from which
    /// <see cref="PresenceClientExtensions.AddPresenceClient"/> takes these options.</summary>
    public const string SectionName = "PresenceClient";

    /// <summary>The hub's absolute address, usually ending in <c>/hubs/presence</c>.</summary>
    public required Uri Url { get; set; }

    /// <summary>
    /// Gives the bearer token for every connection attempt; null or a null token sends none. A failure counts as a
    /// failed attempt. <see cref="TokenRequest.Refresh"/> is true when the hub refused the last token: bypass the
    /// cache.
    /// </summary>
    public Func<TokenRequest, Task<string?>>? AccessTokenFactory { get; set; }

    /// <summary>
    /// Where <see cref="PresenceClientExtensions.AddPresenceClient"/> gets tokens from if there is no
    /// <see cref="AccessTokenFactory"/>: an address that answers a POST with
    /// <c>{ "accessToken": "…", "expiresIn": seconds }</c>. A token is used until a quarter of its life is left, a day
    /// at most. It is asked through the HTTP client <see cref="PresenceClientExtensions.HttpClientName"/>.
    /// </summary>
    public Uri? TokenUrl { get; set; }

    /// <summary>
    /// Null, the default: a WebSocket without negotiation, which saves a round trip and needs no sticky sessions; when
    /// it fails, the negotiated transports in the order WebSockets, Server-Sent Events, long polling. True: nothing but
    /// that WebSocket. False: negotiated transports only, for instance where a gateway redirects at negotiation.
    /// </summary>
    public bool? SkipNegotiation { get; set; }

    /// <summary>Whether to speak MessagePack instead of JSON. Default false.</summary>
    public bool UseMessagePack { get; set; }

    /// <summary>Upper bound of the wait before the first reconnect; it doubles with each failure. 1 ms to
    /// <see cref="ReconnectCap"/>, default 1 s.</summary>
    public TimeSpan ReconnectBase { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Upper bound of every wait between attempts. <see cref="ReconnectBase"/> to 1 h, default 30 s.</summary>
    public TimeSpan ReconnectCap { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after a loss live entries that were not confirmed again turn stale. 0 to 1 h, default 10
    /// s.</summary>
    public TimeSpan StaleAfterDisconnect { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Longest time a connection attempt or one call may take; after it the connection counts as lost. A transport that
    /// takes a third of it to open is given up for the next. 1 ms to 1 h, default 30 s.
    /// </summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest silence of the hub, pings included, before the connection counts as lost. At least twice the
    /// hub's keep-alive; 1 ms to 1 h, default 30 s.</summary>
    public TimeSpan ServerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Most ids in one call to the hub; more take several calls. A hub with a lower limit names it in its first
    /// refusal, and the client keeps to that. 1 to 100,000, default 1,000, which is the hub's default too.
    /// </summary>
    public int MaxIdsPerCall { get; set; } = 1_000;

    /// <summary>The clock of waits and deadlines.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// Each connection's HTTP options: message handler, proxy, headers. <see cref="HttpConnectionOptions.Transports"/>
    /// narrows the choice of transports, and <see cref="HttpConnectionOptions.SkipNegotiation"/> is
    /// <see cref="SkipNegotiation"/> where that is null. Called for every transport that is tried.
    /// </summary>
    public Action<HttpConnectionOptions>? ConfigureConnection { get; set; }

    /// <summary>The scope of the client's meter, <c>PresenceHub.Client</c>, by which a listener tells applications of
    /// one process apart. Each client has a meter of its own. Null, the default: no scope.</summary>
    public IMeterFactory? MeterFactory { get; set; }

    /// <summary>Where the client and the connection below it log. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    internal void Validate()
    {
        if (FindFailures().FirstOrDefault() is { Name: { } name } failure)
        {
            throw new ArgumentException($"{name} {failure.Text}.", name);
        }
    }

    internal IEnumerable<OptionFailure> FindFailures()
    {
        var shortest = TimeSpan.FromMilliseconds(1);
        var longest = TimeSpan.FromHours(1);
        OptionFailure?[] found =
        [
            OfAddress(Url, nameof(Url)),
            OfTokenUrl(),
            OfRange(ReconnectCap, shortest, longest, nameof(ReconnectCap)),
            OfRange(ReconnectBase, shortest, ReconnectCap, nameof(ReconnectBase)),
            OfRange(StaleAfterDisconnect, TimeSpan.Zero, longest, nameof(StaleAfterDisconnect)),
            OfRange(CallTimeout, shortest, longest, nameof(CallTimeout)),
            OfRange(ServerTimeout, shortest, longest, nameof(ServerTimeout)),
            OfRange(MaxIdsPerCall, 1, 100_000, nameof(MaxIdsPerCall)),
        ];
        return found.OfType<OptionFailure>();
    }

    private OptionFailure? OfTokenUrl()
    {
        var failure = TokenUrl is null ? null : OfAddress(TokenUrl, nameof(TokenUrl));
        return TokenUrl is null || AccessTokenFactory is not null || failure is not null
            ? failure
            : new OptionFailure(
                nameof(TokenUrl),
                $"is for {nameof(PresenceClientExtensions.AddPresenceClient)}; set {nameof(AccessTokenFactory)} here"
            );
    }

    // A setting that is missing leaves null here, whatever the type says.
    private static OptionFailure? OfAddress(Uri? address, string name) =>
        address switch
        {
            null => new OptionFailure(name, "is not set; it must be an absolute address (https)"),
            { IsAbsoluteUri: true, Scheme: "https" or "http" } => null,
            _ => new OptionFailure(name, $"must be an absolute address (https), and is '{address.OriginalString}'"),
        };

    private static OptionFailure? OfRange<T>(T value, T least, T most, string name)
        where T : IComparable<T> =>
        value.CompareTo(least) < 0 || value.CompareTo(most) > 0
            ? new OptionFailure(name, $"must be from {least} to {most}, and is {value}")
            : null;
}
