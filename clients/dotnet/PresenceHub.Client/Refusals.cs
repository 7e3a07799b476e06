using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>
/// Connections that the hub refused. A refusal that only a change elsewhere can end is tried again once a minute. A
/// refused token is tried again at once the first time, since the token source may have another one.
/// </summary>
internal sealed class Refusals(Random random)
{
    /// <summary>The wait after a refusal, to which up to half as long is added.</summary>
    public static readonly TimeSpan LongWait = TimeSpan.FromMinutes(1);

    private int _tokens;

    /// <summary>The hub refused the last token.</summary>
    public bool NeedNewToken => _tokens > 0;

    /// <summary>Why the hub ended or refused a connection; null when the connection was lost for another
    /// reason.</summary>
    public static PresenceHubException? Of(Exception? error) =>
        error switch
        {
            PresenceHubException refusal => refusal,
            TokenSourceException => null,

            // The hub closed the connection for a reason.
            HubException closed when PresenceHubException.From(closed) is { Code: not null } refusal => refusal,
            _ => null,
        };

    /// <summary>Whether the hub has answered and refused, so that an attempt soon would change nothing.</summary>
    public static bool NeedsAttention(PresenceHubException? refusal) =>
        refusal?.Code is { } and not ErrorCode.Unavailable;

    /// <summary>How long to wait before the next attempt; null when the backoff decides.</summary>
    public TimeSpan? WaitAfter(PresenceHubException? refusal)
    {
        var isToken = refusal?.Code is ErrorCode.Unauthorized or ErrorCode.TokenExpired;
        _tokens += isToken ? 1 : 0;
        return _tokens > 1 && isToken || refusal?.Code is ErrorCode.LimitExceeded or ErrorCode.InvalidRequest
            ? LongWait + (LongWait / 2 * random.NextDouble())
            : null;
    }

    public void Reset() => _tokens = 0;
}
