using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>
/// Connections that the hub refused: what changes only elsewhere is asked again once a minute. A refused token is asked
/// again at once the first time, since the token source may have another.
/// </summary>
internal sealed class Refusals(Random random)
{
    private static readonly TimeSpan Wait = TimeSpan.FromMinutes(1);

    private int _tokens;

    /// <summary>The hub refused the last token.</summary>
    public bool NeedNewToken => _tokens > 0;

    /// <summary>Why the hub ended or refused a connection; null when it is away.</summary>
    public static PresenceHubException? Of(Exception? error) =>
        error switch
        {
            PresenceHubException refusal => refusal,

            // The hub closed the connection and said why.
            HubException closed when PresenceHubException.From(closed) is { Code: not null } refusal => refusal,
            _ => null,
        };

    /// <summary>Whether an attempt soon would change nothing, so that someone has to act.</summary>
    public static bool NeedsAttention(PresenceHubException? refusal) =>
        refusal?.Code is { } and not ErrorCode.Unavailable;

    /// <summary>How long to wait before the next attempt; null when the backoff says.</summary>
    public TimeSpan? WaitAfter(PresenceHubException? refusal)
    {
        var isToken = refusal?.Code is ErrorCode.Unauthorized or ErrorCode.TokenExpired;
        _tokens += isToken ? 1 : 0;
        return _tokens > 1 && isToken || refusal?.Code is ErrorCode.LimitExceeded or ErrorCode.InvalidRequest
            ? Wait + (Wait / 2 * random.NextDouble())
            : null;
    }

    public void Reset() => _tokens = 0;
}
